import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createUploadStatusQueue } from 'rx-upload-status/bullmq'
import { startRedis } from '../bullmq/redisServer'
import type { Polls } from './queueWorker'

// The queue on a real Redis that this program starts. Each worker is a separate process.

/** Prints a figure as soon as it is known, because all of them take minutes. */
const row = (name: string, value: number, digits = 0): void => {
  console.log(`${name.padEnd(64)} ${value.toFixed(digits).padStart(8)}`)
}

interface Load {
  readonly uploads: number
  readonly perMinute: number
  /** Milliseconds that an upload waits for its next poll. */
  readonly wait: number
  /** The most polls at a time; half of them in one worker. */
  readonly inFlight?: number
  readonly workers?: number
}

/** A Redis, and workers that poll uploads which never end. */
interface Team {
  /** The start of each poll, in ms, and its upload. */
  readonly starts: Array<readonly [number, string]>
  /** Milliseconds of CPU of all workers. */
  readonly cpu: () => number
  /** A figure of Redis's own. */
  readonly info: (section: string, name: string) => Promise<number>
}

/** Starts a Redis, adds the uploads, and starts the workers. `bytes` is the memory of Redis per upload. */
const withTeam = async (
  { uploads, perMinute, wait, inFlight = 32, workers: count = 4 }: Load,
  settings: readonly string[],
  work: (team: Team, bytes: () => Promise<number>) => Promise<void>,
): Promise<void> => {
  const redis = await startRedis(...settings)
  const client = new Redis(redis.url)
  const name = randomUUID()
  const queue = createUploadStatusQueue({ connection: { url: redis.url }, name })
  const info = async (section: string, name: string): Promise<number> =>
    Number(new RegExp(`^${name}([\\d.]+)`, 'm').exec(await client.info(section))?.[1])
  const before = await info('memory', 'used_memory:')
  const bytes = async (): Promise<number> =>
    ((await info('memory', 'used_memory:')) - before) / uploads
  const refs = Array.from({ length: uploads }, (_, nth) => ({
    account: 'acct_1',
    upload: `ofapi_media_${String(nth)}`,
  }))
  const added = await queue.watch([refs])()
  if (added._tag === 'Left') throw new Error(`not added: ${added.left._tag}`)

  const starts: Array<readonly [number, string]> = []
  const cpus = new Map<number, number>()
  const workers = Array.from({ length: count }, (_, nth) => {
    const env = { REDIS_URL: redis.url, QUEUE: name, PER_MINUTE: String(perMinute) }
    const worker = fork('node_modules/.cache/bench/queueWorker.mjs', {
      env: { ...env, WAIT: String(wait), IN_FLIGHT: String(inFlight) },
    })
    worker.on('message', polls => {
      const { starts: more, cpu } = polls as Polls
      starts.push(...more)
      cpus.set(nth, cpu)
    })
    return worker
  })
  await work({ starts, info, cpu: () => [...cpus.values()].reduce((a, b) => a + b, 0) }, bytes)
  for (const worker of workers) {
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  await queue.close()
  await client.quit()
  await redis.remove()
}

/** The polls of this many ms, in their order, after the workers have started. */
const pollsOf = async ({ starts }: Team, ms: number): Promise<Team['starts']> => {
  while (starts.length < 40) await pass(50)
  await pass(2_000)
  const from = Math.max(...starts.map(([at]) => at))
  await pass(ms + 500)
  return starts.filter(([at]) => at > from && at <= from + ms).sort(([a], [b]) => a - b)
}

/** The most in any window of this many ms. */
const mostIn = (starts: Team['starts'], ms: number): number => {
  let first = 0
  return starts.reduce((most, [at], last) => {
    while (at - (starts[first]?.[0] ?? at) >= ms) first += 1
    return Math.max(most, last - first + 1)
  }, 0)
}

/** The 99th percentile of the times between two polls of the same upload. */
const gap99 = (starts: Team['starts']): number => {
  const last = new Map<string, number>()
  const gaps = starts.flatMap(([at, upload]) => {
    const before = last.get(upload)
    last.set(upload, at)
    return before === undefined ? [] : [at - before]
  })
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.99)] ?? NaN
}

for (const [perMinute, uploads, ms] of [
  [600, 60, 25_000],
  [5_000, 200, 10_000],
] as const)
  await withTeam({ uploads, perMinute, wait: 100 }, [], async team => {
    const starts = await pollsOf(team, ms)
    const rate = perMinute / 60_000
    row(`used of ${String(perMinute)} a minute, %`, (starts.length / ms / rate) * 100)
    row(
      `most in any 5 s at ${String(perMinute)} a minute, of ${(rate * 5_000).toFixed(0)}`,
      mostIn(starts, 5_000),
    )
    row(
      `p99 of the gap between polls of ${String(uploads)} uploads, of the ideal`,
      gap99(starts) / (uploads / rate),
      2,
    )
  })

for (const [workers, inFlight] of [
  [4, 32],
  [4, 128],
  [2, 128],
] as const) {
  const load = { uploads: 500, perMinute: 600_000, wait: 10, inFlight, workers }
  await withTeam(load, [], async team => {
    await pollsOf(team, 1)
    const [cpu, from] = [team.cpu(), team.starts.length]
    const redisCpu = async (): Promise<number> =>
      (await team.info('cpu', 'used_cpu_user:')) + (await team.info('cpu', 'used_cpu_sys:'))
    const ofRedis = await redisCpu()
    const start = performance.now()
    await pass(10_000)
    const polls = team.starts.length - from
    const how = `no limit, ${String(workers)} workers, inFlight: ${String(inFlight)}`
    row(`polls a second, ${how}`, polls / ((performance.now() - start) / 1_000))
    row(`CPU of a worker a poll, ${how}, µs`, ((team.cpu() - cpu) / polls) * 1_000)
    row(`CPU of Redis a poll, ${how}, µs`, (((await redisCpu()) - ofRedis) / polls) * 1_000_000)
  })
}

for (const [settings, how] of [
  [[], 'as installed'],
  [['--hash-max-listpack-value', '512'], 'tuned'],
] as const) {
  const load = { uploads: 5_000, perMinute: 600_000, wait: 1_000_000 }
  await withTeam(load, settings, async ({ starts }, bytes) => {
    row(`bytes of Redis an upload, added, ${how}`, await bytes())
    while (starts.length < load.uploads) await pass(100)
    await pass(2_000)
    row(`bytes of Redis an upload, polled, ${how}`, await bytes())
  })
}

const waiting = { uploads: 50_000, perMinute: 600_000, wait: 1_000_000 }
await withTeam(waiting, [], async ({ starts, info }) => {
  while (starts.length < waiting.uploads) await pass(100)
  await pass(2_000)
  // Idle workers send these two. Redis also counts the commands inside of scripts.
  const sent = async (): Promise<number> =>
    (await info('commandstats', 'cmdstat_evalsha:calls=')) +
    (await info('commandstats', 'cmdstat_bzpopmin:calls='))
  const [before, sentBefore] = [await info('stats', 'total_commands_processed:'), await sent()]
  await pass(30_000)
  const commands = (await info('stats', 'total_commands_processed:')) - before
  const name = 'a second of 4 idle workers, 50,000 waiting'
  row(`commands sent ${name}`, ((await sent()) - sentBefore) / 30, 1)
  row(`commands, with those of scripts, ${name}`, commands / 30, 1)
})
