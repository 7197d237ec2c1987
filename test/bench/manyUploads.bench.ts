import { setTimeout as pass } from 'node:timers/promises'
import crossFetch from 'cross-fetch'
import { requestBudget } from 'rx-upload-status'
import { keepAliveFetch } from './keepAliveFetch'
import * as peers from './peers'
import type { Figures } from './rounds'
import { startServer, type ServerOptions } from './startServer'
import { quantile } from './statistics'
import { printTables } from './table'

/**
 * How late the ends of many uploads are noticed, with a poll of each every 50 ms, which is more than a
 * process can do. They end one after the other, from 15 to 35 s after the start, so that the start of the
 * process is not measured.
 */
const uploads = 1_000

const measure =
  (server: ServerOptions, peer: peers.Peer, get: peers.Job['get'] = crossFetch) =>
  async (): Promise<Figures> => {
    const { url, seen } = await startServer(server)
    let lost = 0
    const startsAt = Date.now() + 15_000
    const ends = new Map(
      Array.from({ length: uploads }, (_, i) => {
        // In another order than they were started.
        const endsAt = startsAt + ((i * 619) % uploads) * 20
        return [`ofapi_media_${String(endsAt)}_${String(i)}`, endsAt]
      }),
    )
    const delays: number[] = []
    const all = new Promise<void>(resolve => {
      peer({
        baseUrl: url,
        uploads: ends.keys(),
        every: 50,
        get,
        read: peers.checked,
        on: (upload, status) => {
          if (status !== 'completed') return
          delays.push(Date.now() - (ends.get(upload) ?? NaN))
          if (delays.length === uploads) resolve()
        },
        lost: () => (lost += 1),
      })
    })
    await pass(startsAt - Date.now())
    const before = await seen()
    const start = process.cpuUsage()
    await all
    const { user, system } = process.cpuUsage(start)
    const { polls, mostOpen } = await seen()
    return {
      'p50, ms': quantile(delays, 0.5),
      'p95, ms': quantile(delays, 0.95),
      'µs a request': (user + system) / (polls - before.polls),
      sockets: mostOpen,
      'lost answers': lost,
    }
  }

const inFlight = (most: number): peers.Peer =>
  peers.ours({ budget: requestBudget({ perMinute: 2 ** 31 - 1, inFlight: most }) })

const http: ServerOptions = { protocol: 'http' }
const https: ServerOptions = { protocol: 'https' }
const chunked: ServerOptions = { protocol: 'https', framing: 'chunked' }

const title = `The ends of ${String(uploads)} uploads, asked for every 50 ms`

await printTables(3, 'uploadStatuses$', {
  [`${title} over HTTPS, as the API is`]: {
    uploadStatuses$: measure(https, peers.ours()),
    'defer + repeat': measure(https, peers.deferRepeat),
    'defer + repeat, keep-alive': measure(https, peers.deferRepeat, keepAliveFetch),
    'timer + switchMap + takeWhile': measure(https, peers.textbook),
  },
  [`${title} over HTTPS, chunked answers`]: {
    uploadStatuses$: measure(chunked, peers.ours()),
    'uploadStatuses$, 64 in flight': measure(chunked, inFlight(64)),
    'uploadStatuses$, 300 in flight': measure(chunked, inFlight(300)),
    'defer + repeat': measure(chunked, peers.deferRepeat),
    'defer + repeat, keep-alive': measure(chunked, peers.deferRepeat, keepAliveFetch),
  },
  [`${title} over HTTP`]: {
    uploadStatuses$: measure(http, peers.ours()),
    'defer + repeat': measure(http, peers.deferRepeat),
    'defer + repeat, keep-alive': measure(http, peers.deferRepeat, keepAliveFetch),
    'timer + switchMap + takeWhile': measure(http, peers.textbook),
    'bare loop': measure(http, peers.loop),
    'TanStack query-core': measure(http, peers.tanStack),
  },
})
