import { right } from 'fp-ts/Either'
import { of } from 'rxjs'
import { spaced } from 'rx-upload-status'
import { createUploadStatusWorker } from 'rx-upload-status/bullmq'

// A worker in its own process. It answers its requests itself, without HTTP, and reports its polls.

/** The report of a worker about its polls. */
export interface Polls {
  /** The start of each poll, in ms since 1970, and its upload. */
  readonly starts: ReadonlyArray<readonly [number, string]>
  /** Milliseconds of CPU since the start of the process. */
  readonly cpu: number
}

const { REDIS_URL = '', QUEUE = '', PER_MINUTE = '', WAIT = '', IN_FLIGHT = '' } = process.env

let starts: Array<readonly [number, string]> = []

createUploadStatusWorker({
  connection: { url: REDIS_URL },
  name: QUEUE,
  perMinute: Number(PER_MINUTE),
  headroom: 0,
  inFlight: Number(IN_FLIGHT),
  concurrency: Number(IN_FLIGHT) / 2,
  schedule: spaced(Number(WAIT)),
  request: ({ upload }) => {
    starts.push([performance.timeOrigin + performance.now(), upload])
    return of(right({ status: 'processing' as const, prefixed_id: upload }))
  },
  onSettled: () => Promise.resolve(),
})

setInterval(() => {
  const { user, system } = process.cpuUsage()
  const polls: Polls = { starts, cpu: (user + system) / 1_000 }
  process.send?.(polls)
  starts = []
}, 100)
