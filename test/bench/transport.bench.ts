import { setTimeout as pass } from 'node:timers/promises'
import { requestBudget } from 'rx-upload-status'
import { keepAliveFetch } from './keepAliveFetch'
import * as peers from './peers'
import type { Figures } from './rounds'
import { startServer, type ServerOptions } from './startServer'
import { printTables } from './table'

interface Load extends ServerOptions {
  /** Uploads, each of which is polled again as soon as it is answered. */
  readonly atOnce: number
}

/** The CPU of a poll over the network, and the number of lost answers. */
const measure =
  ({ atOnce, ...options }: Load, peer: peers.Peer, read = peers.checked) =>
  async (): Promise<Figures> => {
    const { url, seen } = await startServer(options)
    let lost = 0
    peer({
      baseUrl: url,
      uploads: Array.from({ length: atOnce }, (_, i) => `ofapi_media_9999999999999_${String(i)}`),
      every: 0,
      get: keepAliveFetch,
      read,
      on: () => undefined,
      lost: () => (lost += 1),
    })
    const reached = async (polls: number): Promise<number> => {
      for (;;) {
        const soFar = (await seen()).polls
        if (soFar >= polls) return soFar
        await pass(100)
      }
    }
    // Starts after all code is compiled.
    const before = await reached(40_000)
    const start = process.cpuUsage()
    const after = await reached(before + 60_000)
    const { user, system } = process.cpuUsage(start)
    const { mostOpen } = await seen()
    return {
      'µs a poll': (user + system) / (after - before),
      sockets: mostOpen,
      'lost answers': lost,
    }
  }

const all = (
  load: Load,
  ours = peers.ours(),
): Readonly<Record<string, () => Promise<Figures>>> => ({
  uploadStatuses$: measure(load, ours),
  'bare loop': measure(load, peers.loop),
  'bare loop, nothing decoded': measure(load, peers.loop, peers.unchecked),
  'defer + repeat': measure(load, peers.deferRepeat),
})

/** Chunked answers over HTTPS, as behind an edge network. */
const chunked = (atOnce: number) => {
  const budget = requestBudget({ perMinute: 2 ** 31 - 1, inFlight: atOnce })
  return all({ protocol: 'https', framing: 'chunked', atOnce }, peers.ours({ budget }))
}

await printTables(3, 'uploadStatuses$', {
  'CPU of a poll over HTTP, 50 at once': all({ protocol: 'http', atOnce: 50 }),
  'CPU of a poll over HTTPS, 50 at once': all({ protocol: 'https', atOnce: 50 }),
  'CPU of a poll over HTTPS, chunked answers, 64 at once': chunked(64),
  'CPU of a poll over HTTPS, chunked answers, 300 at once': chunked(300),
})
