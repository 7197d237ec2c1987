import { randomUUID } from 'node:crypto'
import { right, type Either } from 'fp-ts/Either'
import { defer, type ObservableInput } from 'rxjs'
import type { Failure } from '../../src/failure/failure'
import type { UploadRef } from '../../src/api/uploadRef'
import type { UploadStatus } from '../../src/api/status'
import {
  createUploadStatusQueue,
  createUploadStatusWorker,
  type SettledUpload,
  type UploadStatusQueue,
  type UploadStatusQueueOptions,
  type UploadStatusWorker,
  type UploadStatusWorkerOptions,
} from '../../src/bullmq'
import { spaced } from '../../src/watch/schedule'

export const refOf = (upload: string): UploadRef => ({ account: 'acct_1', upload })

export const pendingOf = (prefixed_id: string): UploadStatus => ({ status: 'pending', prefixed_id })

export const processingOf = (prefixed_id: string): UploadStatus => ({
  status: 'processing',
  prefixed_id,
})

export const completedOf = (prefixed_id: string): UploadStatus => ({
  status: 'completed',
  prefixed_id,
  media: { id: 7 },
})

type Reply = (ref: UploadRef, poll: number) => ObservableInput<Either<Failure, UploadStatus>>

/** Answers the n-th poll of an upload with the n-th status, and repeats the last one. */
export const inTurn = (
  ...statuses: ReadonlyArray<(upload: string) => UploadStatus>
): UploadStatusWorkerOptions['request'] =>
  counted(({ upload }, poll) => {
    const statusOf = statuses[Math.min(poll, statuses.length) - 1] ?? completedOf
    return [right(statusOf(upload))]
  })

/** A request whose reply receives the number of polls of its upload, from 1. */
export const counted = (reply: Reply): NonNullable<UploadStatusWorkerOptions['request']> => {
  const polls = new Map<string, number>()
  return ref =>
    defer(() => {
      const poll = (polls.get(ref.upload) ?? 0) + 1
      polls.set(ref.upload, poll)
      return reply(ref, poll)
    })
}

/** The queue of a test and its workers. All are closed at its end. */
export interface World {
  readonly queue: UploadStatusQueue
  readonly place: Pick<UploadStatusQueueOptions, 'connection' | 'name'>
  readonly start: (options?: Partial<UploadStatusWorkerOptions>) => UploadStatusWorker
  /** The uploads that `onSettled` received. */
  readonly settled: SettledUpload[]
  /** The errors that the workers reported. */
  readonly errors: Error[]
}

export const inWorld = async (
  url: string,
  work: (world: World) => Promise<void>,
  options: Partial<UploadStatusQueueOptions> = {},
): Promise<void> => {
  const place = { connection: { url }, name: randomUUID() }
  const queue = createUploadStatusQueue({ ...place, ...options })
  const workers: UploadStatusWorker[] = []
  const settled: SettledUpload[] = []
  const errors: Error[] = []
  try {
    await work({
      queue,
      place,
      settled,
      errors,
      start: options => {
        const worker = createUploadStatusWorker({
          ...place,
          perMinute: 60_000,
          schedule: spaced(10),
          request: inTurn(pendingOf, processingOf, completedOf),
          onSettled: end => {
            settled.push(end)
            return Promise.resolve()
          },
          onError: error => {
            errors.push(error)
          },
          ...options,
        })
        workers.push(worker)
        return worker
      },
    })
  } finally {
    await Promise.all(workers.map(worker => worker.close()))
    await queue.close()
  }
}
