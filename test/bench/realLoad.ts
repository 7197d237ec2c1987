import { setTimeout as pass } from 'node:timers/promises'
import { isRight } from 'fp-ts/lib/Either.js'
import { Subject } from 'rxjs'
import { requestBudget, uploadStatuses$, type BudgetOptions } from 'rx-upload-status'
import { seeded } from './arrivals'
import { durations, hintOf } from './durations'
import { keepAliveFetch } from './keepAliveFetch'
import { checked, tanStack, type Job } from './peers'
import { startServer } from './startServer'
import { mean, quantile } from './statistics'
import { printRows } from './table'

// Policies under a real load: HTTP, and a server that counts a fixed window. Uploads arrive at random
// times (Poisson), and take 20 s in the median.

/** An upload that begins now. */
interface Arrival {
  readonly upload: string
  readonly hint: number
}

interface World {
  readonly baseUrl: string
  readonly perMinute: number
  /** An upload was seen to have ended. */
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

/**
 * What a loop around a limiter does, as bottleneck has it with `minTime`, or p-queue with an interval:
 * the jobs start in their order, evenly.
 */
const limitedLoop: RealPolicy = ({ baseUrl, perMinute, ended }) => {
  const waiting: (() => void)[] = []
  const spacing = 60_000 / perMinute
  let nextAt = performance.now()
  setInterval(() => {
    const now = performance.now()
    // No burst is saved, but what a late timer missed follows.
    nextAt = Math.max(nextAt, now - 100)
    for (; nextAt <= now && waiting.length > 0; nextAt += spacing) waiting.shift()?.()
  }, 5).unref()
  const watch = async (upload: string): Promise<void> => {
    for (;;) {
      await new Promise<void>(resolve => waiting.push(resolve))
      const url = `${baseUrl}/api/acct_1/media/uploads/${upload}/status`
      const response = await keepAliveFetch(url, { headers })
      if (response.status === 200 && checked(await response.json()).status === 'completed') break
    }
    ended(upload)
  }
  return ({ upload }) => void watch(upload)
}

const everyTime =
  (every: number): RealPolicy =>
  ({ baseUrl, ended }) =>
  ({ upload }) => {
    const on: Job['on'] = (each, status) => {
      if (status === 'completed') ended(each)
    }
    tanStack({ baseUrl, uploads: [upload], every, get: keepAliveFetch, read: checked, on })
  }

const policies: Readonly<Record<string, RealPolicy>> = {
  'this package': ours({}),
  'this package, earliest: 500': ours({ earliest: 500 }),
  'this package, earliest: 500, with hints': ours({ earliest: 500 }, true),
  'a loop around a limiter': limitedLoop,
  'TanStack, every 5 s': everyTime(5_000),
}

const measure = async (
  policy: RealPolicy,
  open: number,
  perMinute: number,
  length: number,
): Promise<readonly string[]> => {
  const random = seeded(open)
  const server = await startServer({ perMinute, takes: 80 })
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
  // Uploads that ended before, and that nobody noticed: as late as they are by now.
  const now = Date.now()
  for (const endsAt of ends.values())
    if (endsAt > countsFrom && endsAt < now) delays.push(now - endsAt)
  const figures = [mean(delays), quantile(delays, 0.5), quantile(delays, 0.95), quantile(delays, 1)]
  return [
    ...figures.map(ms => (ms / 1_000).toFixed(2)),
    String(polls),
    String(refused),
    ((user + system) / polls).toFixed(0),
    String(mostOpen),
    String(delays.length),
  ]
}

/** Runs one policy after the other, each for so many ms, and prints a table. */
export const realLoad = async (open: number, perMinute: number, length: number): Promise<void> => {
  const rows: (readonly string[])[] = []
  for (const [each, policy] of Object.entries(policies))
    rows.push([each, ...(await measure(policy, open, perMinute, length))])
  const head = ['mean, s', 'p50, s', 'p95, s', 'longest, s', 'requests', '429s', 'µs a request']
  printRows(`Over HTTP: ${String(open)} open at ${String(perMinute)} a minute`, [
    ['', ...head, 'sockets', 'ends'],
    ...rows,
  ])
}
