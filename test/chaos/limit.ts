import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { printRows } from '../bench/table'
import { createUploadStatusQueue } from '../../src/bullmq'
import { mostIn } from '../bullmq/faultRun'
import { startRedis } from '../bullmq/redisServer'
import { buildWorker, startWorker, type WorkerProcess } from '../bullmq/workerProcess'
import { refOf } from '../bullmq/world'

// Four workers of a queue learn the limit of the server from its answers, which take up to 5 s. Every 5 s a
// worker is killed. No more requests than the limit may arrive, and after a 429 only one until it is answered.
//
//   npm run chaos limit -- [--seconds N]

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '180' } } })
const seconds = Number(values.seconds)
if (!(seconds > 0)) throw new TypeError('--seconds takes a number')

const limit = 600
const uploads = 400
const minute = 60_000
const pause = 5_000

/** The requests that the server receives. Times are in ms. */
interface Server {
  /** When each request arrived. */
  readonly arrivals: number[]
  /** How many were over the limit. */
  refused: number
  refusesNext: boolean
  /** After a refusal: the requests that arrive from then until the first of them is answered. */
  probing: { readonly from: number; arrived: number } | null
}

const seen: Server = { arrivals: [], refused: 0, refusesNext: false, probing: null }

const server = createServer((request, response) => {
  const now = performance.now()
  seen.arrivals.push(now)
  const left = limit - seen.arrivals.filter(at => at > now - minute).length
  const isOver = left < 0
  if (isOver) seen.refused += 1
  const upload = /upload_\d+/.exec(request.url ?? '')?.[0] ?? ''
  response.setHeader('content-type', 'application/json')
  response.setHeader('x-rate-limit-limit-minute', String(limit))
  response.setHeader('x-rate-limit-remaining-minute', String(Math.max(0, left)))
  if (isOver || seen.refusesNext) {
    if (seen.refusesNext) seen.probing = { from: now + pause, arrived: 0 }
    seen.refusesNext = false
    response.statusCode = 429
    response.setHeader('retry-after', String(pause / 1_000))
    response.end('{}')
    return
  }
  const { probing } = seen
  const isAfterPause = probing !== null && now >= probing.from
  if (isAfterPause) probing.arrived += 1
  const answer = (): void => {
    if (isAfterPause) seen.probing = null
    response.end(JSON.stringify({ status: 'processing', prefixed_id: upload }))
  }
  setTimeout(answer, isAfterPause ? 3_000 : 5_000 * Math.random())
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

await buildWorker()
const redis = await startRedis()
const name = randomUUID()
const queue = createUploadStatusQueue({ connection: { url: redis.url }, name })
const { port } = server.address() as AddressInfo
const env = {
  REDIS_URL: redis.url,
  QUEUE: name,
  SERVER: `http://127.0.0.1:${String(port)}`,
  PER_MINUTE: String(2 * limit),
  HEADROOM: '0.1',
  IN_FLIGHT: '64',
  ATTEMPT_TIMEOUT: '6000',
}
const start = (): WorkerProcess => startWorker(env, () => undefined)

await queue.watch([Array.from({ length: uploads }, (_, nth) => refOf(`upload_${String(nth)}`))])()
let workers = [1, 2, 3, 4].map(start)

let killed = 0
for (const endsAt = performance.now() + 1_000 * seconds; performance.now() < endsAt; killed += 1) {
  await pass(5_000)
  const [oldest, ...others] = workers
  await oldest?.kill()
  workers = [...others, start()]
}
const most = mostIn(seen.arrivals, minute)
const used = (seen.arrivals.length * minute) / (1_000 * seconds) / (0.9 * limit)

// If a worker dies during a probe, another one probes. So no worker is killed from here on.
const isProbing = (): boolean => seen.probing !== null
const probes: number[] = []
for (let nth = 0; nth < 5; nth += 1) {
  seen.refusesNext = true
  while (!isProbing()) await pass(10)
  const { probing } = seen
  while (isProbing()) await pass(10)
  probes.push(probing?.arrived ?? 0)
  await pass(2_000)
}

await Promise.all(workers.map(worker => worker.kill()))
await queue.close()
server.close()
server.closeAllConnections()
await redis.remove()

printRows('The limit of a team, learned from answers', [
  ['figure', 'value'],
  ['workers killed', String(killed)],
  ['requests', String(seen.arrivals.length)],
  [`most in any minute, of ${String(limit)}`, String(most)],
  ['requests over the limit', String(seen.refused)],
  ['used of the limit less a tenth, %', (100 * used).toFixed(0)],
  ['requests after a pause until the first was answered', probes.join(', ')],
])
process.exitCode = seen.refused === 0 && probes.every(count => count === 1) ? 0 : 1
