import { setTimeout as pass } from 'node:timers/promises'
import { keepAliveFetch } from './keepAliveFetch'
import * as peers from './peers'
import { inTurns, type Figures } from './rounds'
import { startServer } from './startServer'
import { printTable } from './table'

/** The CPU of a poll over HTTP, of 50 uploads that are each asked again as soon as they answered. */
const measure =
  (peer: peers.Peer, read = peers.checked) =>
  async (): Promise<Figures> => {
    const { url, seen } = await startServer()
    peer({
      baseUrl: url,
      uploads: Array.from({ length: 50 }, (_, i) => `ofapi_media_9999999999999_${String(i)}`),
      every: 0,
      get: keepAliveFetch,
      read,
      on: () => undefined,
    })
    const reached = async (polls: number): Promise<number> => {
      for (;;) {
        const soFar = (await seen()).polls
        if (soFar >= polls) return soFar
        await pass(100)
      }
    }
    const before = await reached(5_000)
    const start = process.cpuUsage()
    const after = await reached(before + 15_000)
    const { user, system } = process.cpuUsage(start)
    return { 'µs a poll': (user + system) / (after - before) }
  }

printTable(
  'CPU of a poll over HTTP, 50 at once',
  'uploadStatuses$',
  await inTurns(3, {
    uploadStatuses$: measure(peers.ours()),
    'bare loop': measure(peers.loop),
    'bare loop, nothing decoded': measure(peers.loop, peers.unchecked),
    'defer + repeat': measure(peers.deferRepeat),
  }),
)
