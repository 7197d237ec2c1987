import { createUploadStatusWorker } from '../../src/bullmq'
import { spaced } from '../../src/watch/schedule'

// A worker in its own process, which a test can kill. It prints each settled upload.

const { REDIS_URL = '', QUEUE = '', SERVER = '', PER_MINUTE = '' } = process.env
const { HEADROOM = '0', IN_FLIGHT = '32', ATTEMPT_TIMEOUT = '1000' } = process.env

createUploadStatusWorker({
  connection: { url: REDIS_URL },
  name: QUEUE,
  perMinute: Number(PER_MINUTE),
  headroom: Number(HEADROOM),
  inFlight: Number(IN_FLIGHT),
  baseUrl: SERVER,
  apiKey: 'key',
  attemptTimeout: Number(ATTEMPT_TIMEOUT),
  schedule: spaced(300),
  onSettled: ({ id, upload, status }) => {
    const end = status._tag === 'Right' ? status.right.status : status.left._tag
    process.stdout.write(`${JSON.stringify({ id, upload, end })}\n`)
    return Promise.resolve()
  },
  onError: () => undefined,
})
