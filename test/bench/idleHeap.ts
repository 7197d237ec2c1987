import { setTimeout as pass } from 'node:timers/promises'
import { lightFetch } from './fakeFetch'
import { unchecked, type Peer } from './peers'
import type { Figures } from './rounds'

const collected = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** The heap that a watch takes while it waits for its next poll, with the id of its upload. */
export const idleHeap = (watches: number, peer: Peer) => async (): Promise<Figures> => {
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
      read: unchecked,
      on: () => {
        polled += 1
        if (polled === watches) resolve()
      },
    })
  })
  await all
  // The garbage of the last polls is not collected yet.
  await pass(1_000)
  return { 'bytes a watch': (collected() - before) / watches }
}
