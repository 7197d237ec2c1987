import { parseArgs } from 'node:util'
import { mostIn, runFaults } from '../bullmq/faultRun'
import { buildWorker } from '../bullmq/workerProcess'
import { printRows } from '../bench/table'

// Four workers poll uploads with a queue on a real Redis. Workers and Redis are killed repeatedly.
// Each end must be reported, with one id per upload.
//
//   npm run chaos queue -- [--workers KILLS] [--redis KILLS] [--uploads N]

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '100' },
    redis: { type: 'string', default: '10' },
    uploads: { type: 'string', default: '600' },
  },
})
const [workerKills, redisKills, uploads] = [values.workers, values.redis, values.uploads].map(
  Number,
)
if (!workerKills || !redisKills || !uploads) throw new TypeError('each of the flags takes a number')

const all = workerKills + redisKills
/** Redis is killed at regular intervals. */
const kills = Array.from({ length: all }, (_, nth) =>
  Math.floor(((nth + 1) * redisKills) / all) > Math.floor((nth * redisKills) / all)
    ? 'redis'
    : 'worker',
)
const perMinute = 6_000
const polls = 6

await buildWorker()
const start = performance.now()
const { reported, followed, arrivals } = await runFaults({
  uploads,
  polls,
  perMinute,
  workers: 4,
  kills,
  between: Math.floor((uploads * polls) / (all + 1)),
  onKill: (count, ended) => {
    if (count % 10 === 0)
      process.stdout.write(`${String(count)} kills, ${String(ended)} of ${String(uploads)} ended\n`)
  },
})

const ended = new Set(reported.map(({ upload }) => upload)).size
const ids = new Set(reported.map(({ id }) => id)).size
const others = reported.filter(({ end }) => end !== 'completed').length
const duplicates = (reported.length - ended) / uploads
const most = mostIn(arrivals, 5_000)
const allowed = (perMinute * 5) / 60
printRows('The queue, while workers and Redis are killed', [
  ['figure', 'value'],
  ['workers killed', String(workerKills)],
  ['times that Redis was killed', String(redisKills)],
  ['uploads', String(uploads)],
  ['lost', String(uploads - ended)],
  ['ended otherwise than the server said', String(others)],
  ['ends with a second id', String(ids - ended)],
  ['reported twice, %', (duplicates * 100).toFixed(1)],
  ['seen by a subscriber', String(new Set(followed).size)],
  [`most requests in any 5 s, of ${String(allowed)}`, String(most)],
  ['requests an upload', (arrivals.length / uploads).toFixed(1)],
  ['minutes', ((performance.now() - start) / 60_000).toFixed(1)],
])
const isClean =
  ended === uploads && ids === ended && others === 0 && duplicates <= 0.05 && most <= allowed
process.exitCode = isClean ? 0 : 1
