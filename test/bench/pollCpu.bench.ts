import { setTimeout as pass } from 'node:timers/promises'
import { lightFetch, responseFetch, type FakeFetch } from './fakeFetch'
import * as peers from './peers'
import type { Figures } from './rounds'
import { printTables } from './table'

/** The CPU that one poll takes, of many watches in one process, where the network takes none. */
const measure =
  (
    watches: number,
    make: (fetch: FakeFetch) => peers.Peer,
    fetch: FakeFetch,
    read = peers.checked,
  ) =>
  async (): Promise<Figures> => {
    // 5,000 polls a second.
    const every = watches / 5
    let polls = 0
    const counted: FakeFetch = url => {
      polls += 1
      return fetch(url)
    }
    const uploads = Array.from({ length: watches }, (_, i) => `ofapi_media_${String(i)}`)
    make(counted)({ baseUrl: 'http://localhost', uploads, every, get: counted, read, on: () => {} })
    const until = async (count: number): Promise<void> => {
      while (polls < count) await pass(100)
    }
    await until(watches)
    const before = polls
    const start = process.cpuUsage()
    await until(before + Math.max(watches, 30_000))
    const { user, system } = process.cpuUsage(start)
    return { 'µs a poll': (user + system) / (polls - before) }
  }

/** Each watch asks as often as the others, so that what differs is the watching. */
const all: Readonly<Record<string, (fetch: FakeFetch, watches: number) => () => Promise<Figures>>> =
  {
    uploadStatuses$: (fetch, watches) =>
      measure(watches, fake => peers.ours({ fetch: fake }), fetch),
    'bare loop': (fetch, watches) => measure(watches, () => peers.loop, fetch),
    'timer + switchMap + takeWhile': (fetch, watches) =>
      measure(watches, () => peers.textbook, fetch),
    'the same, with time limit, abort and retries': (fetch, watches) =>
      measure(watches, () => peers.careful, fetch),
    'the same, nothing decoded': (fetch, watches) =>
      measure(watches, () => peers.textbook, fetch, peers.unchecked),
    'defer + repeat': (fetch, watches) => measure(watches, () => peers.deferRepeat, fetch),
    'TanStack query-core': (fetch, watches) => measure(watches, () => peers.tanStack, fetch),
    '@smithy/util-waiter': (fetch, watches) => measure(watches, () => peers.smithy, fetch),
    '@azure/core-lro': (fetch, watches) => measure(watches, () => peers.azure, fetch),
  }

const fetches = { 'a bare object': lightFetch, 'a Response': responseFetch }

// Those that a goal is set against.
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
