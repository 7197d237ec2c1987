import { setTimeout as pass } from 'node:timers/promises'
import Bottleneck from 'bottleneck'
import { isRight } from 'fp-ts/lib/Either.js'
import PQueue from 'p-queue'
import { Subject } from 'rxjs'
import { requestBudget, uploadStatuses$, type BudgetOptions } from 'rx-upload-status'
import { seeded } from './arrivals'
import { durations, hintOf } from './durations'
import { keepAliveFetch } from './keepAliveFetch'
import { checked, tanStack, textbook, type Job, type Peer } from './peers'
import type { Figures } from './rounds'
import { startServer } from './startServer'
import { mean, quantile } from './statistics'
import { printTables } from './table'

// Policies under a real load: HTTP or HTTPS, and a server that counts a fixed window. Uploads arrive
// at random times (Poisson), and take 20 s in the median.

/** An upload that begins now. */
interface Arrival {
  readonly upload: string
  readonly hint: number
}

interface World {
  readonly baseUrl: string
  readonly perMinute: number
  /** The end of an upload was noticed. */
  readonly ended: (upload: string) => void
}

/** Returns what to do with each upload. */
type RealPolicy = (world: World) => (arrival: Arrival) => void

const inFlight = 64

const ours =
  (options: Partial<BudgetOptions>, usesHints = false): RealPolicy =>
  ({ baseUrl, perMinute, ended }) => {
    const uploads$ = new Subject<{ account: string; upload: string; hint?: number }>()
    const budget = requestBudget({ perMinute, inFlight, ...options })
    uploadStatuses$(uploads$, { baseUrl, apiKey: 'key', budget }).subscribe(
      ({ upload, status }) => {
        if (isRight(status) && status.right.status === 'completed') ended(upload)
      },
    )
    return ({ upload, hint }) => {
      uploads$.next({ account: 'acct_1', upload, ...(usesHints ? { hint } : {}) })
    }
  }

const headers = { accept: 'application/json', authorization: 'Bearer key' }

/** Runs a request when the limit allows it. */
type Limiter = <A>(request: () => Promise<A>) => Promise<A>

/** A loop that polls again immediately, each request through a limiter. */
const limitedLoop =
  (limiterOf: (perMinute: number) => Limiter): RealPolicy =>
  ({ baseUrl, perMinute, ended }) => {
    const limiter = limiterOf(perMinute)
    const hasCompleted = async (upload: string): Promise<boolean> => {
      const url = `${baseUrl}/api/acct_1/media/uploads/${upload}/status`
      const response = await keepAliveFetch(url, { headers })
      return response.status === 200 && checked(await response.json()).status === 'completed'
    }
    const watch = async (upload: string): Promise<void> => {
      while (!(await limiter(() => hasCompleted(upload))));
      ended(upload)
    }
    return ({ upload }) => void watch(upload)
  }

const bottleneck = limitedLoop(perMinute => {
  const limiter = new Bottleneck({ minTime: 60_000 / perMinute, maxConcurrent: inFlight })
  return request => limiter.schedule(request)
})

const pQueue = limitedLoop(perMinute => {
  const queue = new PQueue({ concurrency: inFlight, interval: 1_000, intervalCap: perMinute / 60 })
  return request => queue.add(request, { throwOnTimeout: true })
})

/** Polls each upload separately, at this interval. */
const everyTime =
  (peer: Peer, every: number): RealPolicy =>
  ({ baseUrl, ended }) =>
  ({ upload }) => {
    const on: Job['on'] = (each, status) => {
      if (status === 'completed') ended(each)
    }
    // A 429 is no status: these recipes poll again at the next interval.
    const read: Job['read'] = json => {
      try {
        return checked(json)
      } catch {
        return { status: 'refused' }
      }
    }
    peer({ baseUrl, uploads: [upload], every, get: keepAliveFetch, read, on })
  }

const own = 'this package'

const policies: Readonly<Record<string, RealPolicy>> = {
  [own]: ours({}),
  'earliest: 500': ours({ earliest: 500 }),
  'earliest: 500, with hints': ours({ earliest: 500 }, true),
  'a loop around bottleneck': bottleneck,
  'a loop around p-queue': pQueue,
  'textbook, every 2 s': everyTime(textbook, 2_000),
  'textbook, every 5 s': everyTime(textbook, 5_000),
  'TanStack, every 5 s': everyTime(tanStack, 5_000),
}

/** A load: uploads open in the mean, and the limit of requests a minute. */
export interface RealLoad {
  readonly open: number
  readonly perMinute: number
  readonly protocol: 'http' | 'https'
}

const measure =
  (policy: RealPolicy, { open, perMinute, protocol }: RealLoad, length: number) =>
  async (): Promise<Figures> => {
    const random = seeded(open)
    const server = await startServer({ perMinute, protocol, takes: 80 })
    const ends = new Map<string, number>()
    const delays: number[] = []
    const startsAt = Date.now()
    // The first uploads find an empty queue.
    const countsFrom = startsAt + length / 3
    const add = policy({
      baseUrl: server.url,
      perMinute,
      ended: upload => {
        const endsAt = ends.get(upload)
        if (endsAt === undefined) return
        ends.delete(upload)
        if (endsAt > countsFrom) delays.push(Date.now() - endsAt)
      },
    })
    const start = process.cpuUsage()
    const between = 25_550 / open
    for (let nth = 0, at = startsAt; at < startsAt + length; nth += 1) {
      at -= between * Math.log(1 - random())
      await pass(Math.max(0, at - Date.now()))
      const duration = durations['log-normal'](random, 0)
      const endsAt = Math.round(at + duration)
      const upload = `ofapi_media_${String(endsAt)}_${String(nth)}`
      ends.set(upload, endsAt)
      add({ upload, hint: hintOf(duration, random) })
    }
    const { user, system } = process.cpuUsage(start)
    const { polls, mostOpen, refused } = await server.seen()
    // Ends that were not noticed yet count with their lateness until now.
    const now = Date.now()
    for (const endsAt of ends.values())
      if (endsAt > countsFrom && endsAt < now) delays.push(now - endsAt)
    return {
      'mean, s': mean(delays) / 1_000,
      'p50, s': quantile(delays, 0.5) / 1_000,
      'p95, s': quantile(delays, 0.95) / 1_000,
      'longest, s': quantile(delays, 1) / 1_000,
      requests: polls,
      '429s': refused,
      'µs a request': (user + system) / polls,
      'MB of memory': process.memoryUsage.rss() / 1e6,
      sockets: mostOpen,
    }
  }

/** Runs each policy for this many ms in its own process, one after the other, and prints tables. */
export const realLoads = async (loads: readonly RealLoad[], length: number): Promise<void> => {
  await printTables(
    1,
    own,
    Object.fromEntries(
      loads.map(load => [
        `${String(load.open)} open at ${String(load.perMinute)} a minute, by ${load.protocol}`,
        Object.fromEntries(
          Object.entries(policies).map(([name, policy]) => [name, measure(policy, load, length)]),
        ),
      ]),
    ),
  )
}
