import { setTimeout as pass } from 'node:timers/promises'
import { keepAliveFetch } from './keepAliveFetch'
import * as peers from './peers'
import type { Figures } from './rounds'
import { startServer } from './startServer'
import { printTables } from './table'

type Protocol = 'http' | 'https'

/** The CPU of a poll over the network, of 50 uploads that are each asked again as soon as they answered. */
const measure =
  (protocol: Protocol, peer: peers.Peer, read = peers.checked) =>
  async (): Promise<Figures> => {
    const { url, seen } = await startServer(protocol)
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
    // Not before all of it is compiled.
    const before = await reached(40_000)
    const start = process.cpuUsage()
    const after = await reached(before + 60_000)
    const { user, system } = process.cpuUsage(start)
    return { 'µs a poll': (user + system) / (after - before) }
  }

const all = (protocol: Protocol): Readonly<Record<string, () => Promise<Figures>>> => ({
  uploadStatuses$: measure(protocol, peers.ours()),
  'bare loop': measure(protocol, peers.loop),
  'bare loop, nothing decoded': measure(protocol, peers.loop, peers.unchecked),
  'defer + repeat': measure(protocol, peers.deferRepeat),
})

await printTables(3, 'uploadStatuses$', {
  'CPU of a poll over HTTP, 50 at once': all('http'),
  'CPU of a poll over HTTPS, 50 at once': all('https'),
})
