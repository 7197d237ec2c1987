import { setTimeout as pass } from 'node:timers/promises'
import { lightFetch } from './fakeFetch'
import * as peers from './peers'
import { inTurns, type Figures } from './rounds'
import { printTable } from './table'

/** The heap that a watch takes while it waits for its next poll, with the id of its upload. */
const watches = 100_000

const collected = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const measure = (peer: peers.Peer) => async (): Promise<Figures> => {
  const before = collected()
  const uploads = function* () {
    for (let i = 0; i < watches; i += 1) yield `ofapi_media_${String(i)}`
  }
  let polled = 0
  const all = new Promise<void>(resolve => {
    peer({
      baseUrl: 'http://localhost',
      uploads: uploads(),
      every: 600_000,
      get: lightFetch,
      read: peers.unchecked,
      on: () => {
        polled += 1
        if (polled === watches) resolve()
      },
    })
  })
  await all
  // What the last of the polls leaves behind is not idle yet.
  await pass(1_000)
  return { 'bytes a watch': (collected() - before) / watches }
}

printTable(
  `Heap of ${String(watches)} idle watches`,
  'uploadStatuses$',
  await inTurns(3, {
    uploadStatuses$: measure(peers.ours({ fetch: lightFetch })),
    'bare loop': measure(peers.loop),
    'timer + switchMap + takeWhile': measure(peers.textbook),
    'defer + repeat': measure(peers.deferRepeat),
    'TanStack query-core': measure(peers.tanStack),
    '@smithy/util-waiter': measure(peers.smithy),
    '@azure/core-lro': measure(peers.azure),
  }),
)
