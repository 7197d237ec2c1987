import { lightFetch, responseFetch, type FakeFetch } from './fakeFetch'
import * as peers from './peers'
import { pollCpu } from './pollCpu'
import type { Figures } from './rounds'
import { printTables } from './table'

/** All cases poll equally often, so that only the cost of watching differs. */
const all: Readonly<Record<string, (fetch: FakeFetch, watches: number) => () => Promise<Figures>>> =
  {
    uploadStatuses$: (fetch, watches) =>
      pollCpu(watches, fake => peers.ours({ fetch: fake }), fetch),
    'bare loop': (fetch, watches) => pollCpu(watches, () => peers.loop, fetch),
    'timer + switchMap + takeWhile': (fetch, watches) =>
      pollCpu(watches, () => peers.textbook, fetch),
    'the same, with time limit, abort and retries': (fetch, watches) =>
      pollCpu(watches, () => peers.careful, fetch),
    'the same, nothing decoded': (fetch, watches) =>
      pollCpu(watches, () => peers.textbook, fetch, peers.unchecked),
    'defer + repeat': (fetch, watches) => pollCpu(watches, () => peers.deferRepeat, fetch),
    'TanStack query-core': (fetch, watches) => pollCpu(watches, () => peers.tanStack, fetch),
    '@smithy/util-waiter': (fetch, watches) => pollCpu(watches, () => peers.smithy, fetch),
    '@azure/core-lro': (fetch, watches) => pollCpu(watches, () => peers.azure, fetch),
  }

const fetches = { 'a bare object': lightFetch, 'a Response': responseFetch }

// The cases with a goal.
const few = [
  'uploadStatuses$',
  'timer + switchMap + takeWhile',
  'the same, with time limit, abort and retries',
  'TanStack query-core',
]

const tables = [
  { watches: 10_000, names: Object.keys(all) },
  { watches: 100_000, names: few },
].flatMap(({ watches, names }) =>
  Object.entries(fetches).map(([kind, fetch]) => {
    const cases = names.flatMap(name => {
      const measured = all[name]
      return measured === undefined ? [] : [[name, measured(fetch, watches)] as const]
    })
    const title = `CPU of a poll, ${String(watches)} watches, answered with ${kind}`
    return [title, Object.fromEntries(cases)] as const
  }),
)

await printTables(3, 'uploadStatuses$', Object.fromEntries(tables))
