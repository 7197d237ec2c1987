import type { TaskEither } from 'fp-ts/TaskEither'
import { from, lastValueFrom, toArray, type Observable, type ObservableInput } from 'rxjs'
import { isTerminal } from '../api/status'
import type { ExpectedUpload, TrackedStatus, UploadEntry, UploadRef } from '../api/uploadRef'
import type { BudgetLoad } from '../budget/saturation'
import * as E from '../failure/either'
import { cancelled } from '../failure/failure'
import { members, milliseconds } from '../failure/checked'
import { grace, sharedSource } from '../sharedSource'
import type { FollowOptions, UploadStatusSource } from '../source'
import { shareWatches } from '../watch/bulk/sharedWatches'
import { readPush, type PushedStatus } from '../watch/push'
import { addUploads, type Added } from './addUploads'
import { allUploads$ } from './allUploads'
import { endJob } from './endWatch'
import { failingFast } from './failingFast'
import { followedWatches } from './followedWatches'
import { decodeJob, decodeProgress, jobId } from './jobs'
import { openQueues, type QueuePlace } from './queues'
import type { QueueFailure } from './queueFailure'
import { placeOf } from './workerOptions'
import { inCircumstances } from '../watch/watchState'

/** Where the queue is, and how long it remembers. */
export interface UploadStatusQueueOptions extends QueuePlace {
  /**
   * Milliseconds that the end of an upload is remembered. So long a late subscriber receives it, and
   * an upload with a terminal status is not watched again.
   *
   * @default 86_400_000
   */
  readonly retention?: number | undefined
  /**
   * Receives the errors of the connections to Redis, which are made again.
   *
   * @default none
   */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Uploads that are watched by workers. The calls fail soon if Redis is away, and may be repeated. */
export interface UploadStatusQueue extends UploadStatusSource {
  /**
   * Adds uploads; one that is watched already, or whose terminal status is remembered, is left as it
   * is. If the call fails, some may have been added: call it again. `hint` and `priority` are
   * ignored.
   */
  readonly watch: (
    uploads: ObservableInput<ExpectedUpload | readonly ExpectedUpload[]>,
  ) => TaskEither<QueueFailure, Added>
  /**
   * Follows the uploads, each to its end; without `uploads` all that are watched, and all that will
   * be added: that stream never completes. `{ remove: ref }` stops following one; its watch goes on.
   */
  readonly uploadStatuses$: (
    uploads?: ObservableInput<UploadEntry | readonly UploadEntry[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
  /** Ends a watch with `Cancelled`, also one that is polled now. `false` if there is none. */
  readonly cancel: (ref: UploadRef) => TaskEither<QueueFailure, boolean>
  /**
   * Takes a status that arrived without a poll. A terminal one ends the watch at once, also one that
   * is polled now. A status of an upload that is not watched, or that cannot be read, is ignored.
   */
  readonly push: (pushed: PushedStatus) => TaskEither<QueueFailure, void>
  /** How busy the workers are: uploads whose turn is late, the wait of the last, and the rate. */
  readonly load: () => TaskEither<QueueFailure, BudgetLoad>
  /** Ends the streams with `Cancelled`, and closes the connections. The watches go on. */
  readonly close: () => Promise<void>
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

const minute = 60_000

/**
 * A queue of uploads in Redis, which workers on any number of machines poll with one budget.
 *
 * ```
 * watch()  -->  Redis  <-->  workers  -->  onSettled, at least once
 *                 |
 *                 +-->  uploadStatus$, in any process
 * ```
 *
 * - `uploadStatus$` obeys the grammar of a watch. Unsubscribing stops following; the watch goes on. A
 *   late subscriber gets the latest status at once, and after the end the end.
 * - An upload that was never added ends with `Left(InvalidRequest)`.
 * - While Redis is away the streams wait. When it is back, all is read again.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * const queue = createUploadStatusQueue({ connection: { url: 'redis://127.0.0.1:6379' } })
 * const added = await queue.watch([{ account: 'acct_1', upload: 'ofapi_media_1' }])()
 * if (added._tag === 'Left') console.error(describeQueueFailure(added.left))
 * queue.uploadStatus$('acct_1', 'ofapi_media_1').subscribe(status => {
 *   console.log(status)
 * })
 *
 * @see docs/queue.md
 */
export const createUploadStatusQueue = (options: UploadStatusQueueOptions): UploadStatusQueue => {
  members(options, 'options', ['connection', 'name', 'prefix', 'retention', 'onError'])
  const { retention = 86_400_000, onError = () => undefined } = options
  milliseconds(retention, 'retention')
  const place = placeOf(options)
  const { attempt, failed } = failingFast()
  const queues = openQueues(place, error => {
    failed(error)
    onError(error)
  })
  const followed = followedWatches(queues, place, onError)
  const shared = shareWatches(followed, grace)
  const source = sharedSource(() => shared)
  const uploads$ = allUploads$(queues.watches, followed.added$)

  /** The job of an upload that has not ended. */
  const runningJob = async (ref: UploadRef) => {
    const [job, end] = await Promise.all([queues.watches.getJob(jobId(ref)), queues.endOf(ref)])
    const watch = job === undefined ? null : decodeJob(job.data)
    return job === undefined || watch === null || end?.startedAt === watch.startedAt
      ? null
      : { job, watch }
  }

  return {
    ...source,
    uploadStatuses$: (uploads = uploads$, options) => source.uploadStatuses$(uploads, options),
    watch: uploads => async () => {
      const given = await lastValueFrom(from(uploads).pipe(toArray()), { defaultValue: [] })
      return addUploads(queues, attempt, given.flat(), retention, Date.now())
    },
    cancel: ({ account, upload }) =>
      attempt(async () => {
        const found = await runningJob({ account, upload })
        if (found === null) return E.right(false)
        const { job, watch } = found
        const { ref, startedAt, begun } = watch
        const failure = cancelled('the queue was asked to')
        const value = E.left(inCircumstances(failure, begun.state, Date.now() - startedAt))
        await endJob(queues, job, { ref, startedAt, value }, watch.retention)
        return E.right(true)
      }),
    push: pushed =>
      attempt(async () => {
        const { ref, status } = readPush(pushed)
        if (E.isLeft(status)) return E.right(undefined)
        const found = await runningJob(ref)
        if (found === null) return E.right(undefined)
        const { job, watch } = found
        const { startedAt, retention } = watch
        const known = decodeProgress(ref, job.progress) ?? watch.begun.state.status
        if (isTerminal(status.right))
          await endJob(queues, job, { ref, startedAt, value: status }, retention)
        else if (known === null || rank[status.right.status] > rank[known.status])
          await job.updateProgress(status.right)
        return E.right(undefined)
      }),
    load: () =>
      attempt(async () => {
        const [counts, limit, paused] = await Promise.all([
          queues.watches.getJobCounts('waiting'),
          queues.watches.getGlobalRateLimit(),
          queues.watches.getRateLimitTtl(),
        ])
        const queue = counts['waiting'] ?? 0
        const spacing = limit === null ? 0 : limit.duration / limit.max
        return E.right({
          queue,
          wait: queue === 0 ? 0 : Math.ceil(Math.max(0, paused) + queue * spacing),
          rate: spacing === 0 ? 0 : Math.floor(minute / spacing),
        })
      }),
    close: async () => {
      await followed.close()
      await queues.close()
    },
  }
}
