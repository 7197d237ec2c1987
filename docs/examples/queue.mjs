// Two workers poll what a producer adds to a queue in Redis, with one budget for both.
// Needs bullmq, ioredis and a Redis: `docker run -p 6379:6379 redis`, or `apt-get install redis-server`.
import { summarize } from 'rx-upload-status'
import {
  createUploadStatusQueue,
  createUploadStatusWorker,
  describeQueueFailure,
} from 'rx-upload-status/bullmq'
import { completed, failed, processing, startSandbox } from 'rx-upload-status/sandbox'

const place = {
  connection: { url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' },
  name: 'example',
}
const sandbox = await startSandbox()
const uploads = [
  sandbox.script('acct_1', [processing(), completed()]),
  sandbox.script('acct_1', [processing(), failed()]),
  sandbox.script('acct_1', [completed()]),
]

// The producer. A webhook of the API would call `queue.push` on the same queue.
const queue = createUploadStatusQueue(place)
const added = await queue.watch(uploads)()
if (added._tag === 'Left') {
  console.error(describeQueueFailure(added.left))
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

// A reader, in any process.
queue
  .uploadStatuses$(uploads)
  .pipe(summarize())
  .subscribe({
    next: ({ settled, total }) => {
      if (settled === total) console.log(`${settled} of ${total}`)
    },
    complete: () => {
      void ends.then(close)
    },
  })

const close = async () => {
  for (const worker of workers) await worker.close()
  await queue.close()
  await sandbox.close()
}
