// A producer, two workers, a webhook and Bull Board around a queue in Redis.
//
//   npm install bullmq ioredis hono @hono/node-server @bull-board/api @bull-board/hono
//   docker run -p 6379:6379 redis          or: apt-get install redis-server
//   node docs/examples/queue.mjs           with --board it prints an address, and runs until Ctrl-C
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Queue } from 'bullmq'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import { parseStarted, spaced, summarize } from 'rx-upload-status'
import {
  createUploadStatusQueue,
  createUploadStatusWorker,
  describeQueueFailure,
  redisDedupStore,
} from 'rx-upload-status/bullmq'
import { startSandbox } from 'rx-upload-status/sandbox'
import { createWebhook } from 'rx-upload-status/webhook'

const secret = 'whsec_example'
const isShown = process.argv.includes('--board')
const connection = { url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' }
// Another name for each run, because the sandbox gives the same ids again.
const place = { connection, name: `example-${Date.now()}` }
const queue = createUploadStatusQueue({ ...place, retention: 60_000 })

// The webhook: any process may receive an event. The queue ends the watch for all of them.
const redis = new Redis(connection.url, { maxRetriesPerRequest: 1 })
redis.on('error', () => undefined)
const webhook = createWebhook({
  secrets: [secret],
  store: redisDedupStore(redis, { prefix: `${place.name}-events` }),
  onStatus: async pushed => {
    const result = await queue.push(pushed)()
    if (result._tag === 'Left') throw new Error(describeQueueFailure(result.left))
  },
})

// Bull Board shows the jobs: the watches, the ends for onSettled, and the remembered ends.
const names = ['', '-settled', '-ends'].map(suffix => place.name + suffix)
const shown = names.map(name => new Queue(name, { connection }))
for (const each of shown) each.on('error', () => undefined)
const board = new HonoAdapter(serveStatic).setBasePath('/board')
createBullBoard({
  queues: shown.map(each => new BullMQAdapter(each, { readOnlyMode: true })),
  serverAdapter: board,
})

// One server for both. Put the board behind a login of yours.
const app = new Hono()
  .post('/hook', context => webhook(context.req.raw))
  .route('/board', board.registerPlugin())
/** @type {ReturnType<typeof serve>} */
let server
const port = await new Promise(resolve => {
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => {
    resolve(info.port)
  })
})
const url = `http://127.0.0.1:${port}`

// In place of the vendor: three uploads, each with an event at its end.
const sandbox = await startSandbox({
  durations: { pending: 0, processing: isShown ? 30_000 : 1_000, spread: 0.2 },
  webhooks: { url: `${url}/hook`, secret },
})
const headers = {
  authorization: `Bearer ${sandbox.apiKey}`,
  'content-type': 'application/json',
}
const start = async () => {
  const response = await fetch(`${sandbox.url}/api/acct_1/media/vault`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ async: true, file_url: 'https://media.example/clip.mp4' }),
  })
  const answer = { status: response.status, body: await response.json() }
  const started = parseStarted(answer, { baseUrl: sandbox.url })
  if (started._tag === 'Left' || started.right._tag === 'Finished') throw new Error('not started')
  return started.right.ref
}
const uploads = await Promise.all([start(), start(), start()])

// The producer.
const added = await queue.watch(uploads)()
if (added._tag === 'Left') {
  console.error(describeQueueFailure(added.left))
  console.error('There is one with: docker run -p 6379:6379 redis, or apt-get install redis-server')
  process.exit(1)
}
console.log(`${added.right.added} added`)

let reported = 0
/** @type {() => void} */
let allReported = () => undefined
const ends = new Promise(resolve => {
  allReported = () => {
    resolve(undefined)
  }
})

// The workers. These two share a process; in production each has one, or a machine.
const workers = [1, 2].map(() =>
  createUploadStatusWorker({
    ...place,
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    perMinute: 600,
    // One poll a minute, so that the events tell the ends. The default would do.
    schedule: spaced(60_000),
    // At least once. Store the id, and skip an end that you have seen.
    onSettled: ({ id, status }) => {
      const end = status._tag === 'Right' ? status.right.status : status.left._tag
      console.log(`settled: ${end}${id === '' ? ' without an id' : ''}`)
      reported += 1
      if (reported === uploads.length) allReported()
      return Promise.resolve()
    },
  }),
)

// What a browser shows.
const pages = await Promise.all(['', '/api/queues'].map(path => fetch(`${url}/board${path}`)))
console.log(`board: ${pages.map(({ status }) => status).join(', ')}`)
if (isShown) console.log(`open ${url}/board`)

const close = async () => {
  for (const each of [...workers, queue, ...shown, sandbox]) await each.close()
  redis.disconnect()
  server.close()
}

// A reader, in any process.
queue
  .uploadStatuses$(uploads)
  .pipe(summarize())
  .subscribe({
    next: ({ settled }) => {
      if (settled === uploads.length) console.log(`all ${settled} ended`)
    },
    complete: () => {
      if (!isShown) void ends.then(close)
    },
  })
