import { lightFetch } from './fakeFetch'
import { idleHeap } from './idleHeap'
import * as peers from './peers'
import { inTurns } from './rounds'
import { printTable } from './table'

const watches = 100_000

printTable(
  `Heap of ${String(watches)} idle watches`,
  'uploadStatuses$',
  await inTurns(3, {
    uploadStatuses$: idleHeap(watches, peers.ours({ fetch: lightFetch })),
    'bare loop': idleHeap(watches, peers.loop),
    'timer + switchMap + takeWhile': idleHeap(watches, peers.textbook),
    'defer + repeat': idleHeap(watches, peers.deferRepeat),
    'TanStack query-core': idleHeap(watches, peers.tanStack),
    '@smithy/util-waiter': idleHeap(watches, peers.smithy),
    '@azure/core-lro': idleHeap(watches, peers.azure),
  }),
)
