import { lightFetch } from './fakeFetch'
import { idleHeap } from './idleHeap'
import * as peers from './peers'
import { pollCpu } from './pollCpu'
import { printTables } from './table'

/** `uploadStatus$` with a pipeline for each upload, compared with an equivalent recipe. */
const watches = 10_000

const ours = 'uploadStatus$'
const textbook = 'timer + switchMap + takeWhile'
const careful = 'the same, with time limit, abort and retries'

await printTables(3, ours, {
  [`Heap of ${String(watches)} idle watches`]: {
    [ours]: idleHeap(watches, peers.oneByOne({ fetch: lightFetch })),
    [textbook]: idleHeap(watches, peers.textbook),
    [careful]: idleHeap(watches, peers.careful),
  },
  [`CPU of a poll, ${String(watches)} watches`]: {
    [ours]: pollCpu(watches, fetch => peers.oneByOne({ fetch }), lightFetch),
    [textbook]: pollCpu(watches, () => peers.textbook, lightFetch),
    [careful]: pollCpu(watches, () => peers.careful, lightFetch),
  },
})
