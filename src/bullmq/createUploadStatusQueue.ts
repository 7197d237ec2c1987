import type { TaskEither } from 'fp-ts/TaskEither'
import { from, lastValueFrom, toArray, type Observable, type ObservableInput } from 'rxjs'
import { isLater, isTerminal } from '../api/status'
import type { ExpectedUpload, TrackedStatus, UploadEntry, UploadRef } from '../api/uploadRef'
import type { BudgetLoad } from '../budget/saturation'
import * as E from '../failure/either'
import { cancelledForAll } from '../failure/cancelReason'
import { cancelled } from '../failure/failure'
import { members, milliseconds } from '../failure/checked'
import { notify } from '../runtime/notify'
import { grace, sharedSource } from '../sharedSource'
import type { FollowOptions, UploadStatusSource } from '../source'
import { shareWatches } from '../watch/bulk/sharedWatches'
import { readPush, type PushedStatus } from '../watch/push'
import { addUploads, type Added } from './addUploads'
import { allUploads$ } from './allUploads'
import { endJob } from './endWatch'
import { failFast } from './failFast'
import { followedWatches } from './followedWatches'
import { decodeProgress, encodeStatus, jobId } from './jobs'
import { openQueues, type QueuePlace } from './queues'
import type { QueueFailure } from './queueFailure'
import { decodeJob } from './watchJob'
import { placeOf } from './placeOf'
import { inCircumstances } from '../watch/watchState'

/** The options of a queue. */
export interface UploadStatusQueueOptions extends QueuePlace {
  /**
   * Milliseconds for which the end of an upload is remembered. During that time a late subscriber
   * receives it, and an upload with a terminal status is not watched again.
   *
   * @default 86_400_000
   */
  readonly retention?: number | undefined
  /**
   * Receives the errors of the connections to Redis. The connections are reopened.
   *
   * @default none
   */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** A queue of uploads for workers. If Redis is unavailable its methods fail soon; call them again. */
export interface UploadStatusQueue extends UploadStatusSource {
  /**
   * Adds uploads. Skips those that are already watched, or whose terminal status is remembered. If the
   * call fails, some may have been added: call it again. Ignores `hint` and `priority`.
   */
  readonly watch: (
    uploads: ObservableInput<ExpectedUpload | readonly ExpectedUpload[]>,
  ) => TaskEither<QueueFailure, Added>
  /**
   * Follows the uploads to their ends. Without `uploads` it follows all watched uploads and those added
   * later, and never completes. `{ remove: ref }` stops following an upload; its watch continues.
   */
  readonly uploadStatuses$: (
    uploads?: ObservableInput<UploadEntry | readonly UploadEntry[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
  /** Ends a watch with `Cancelled`, even during a poll. Resolves with `false` if there is none. */
  readonly cancel: (ref: UploadRef) => TaskEither<QueueFailure, boolean>
  /**
   * Accepts a status that arrived without a poll. A terminal one ends the watch immediately, even during
   * a poll. Ignores malformed statuses, and statuses of uploads that are not watched.
   */
  readonly push: (pushed: PushedStatus) => TaskEither<QueueFailure, void>
  /** The load of the workers: the number of overdue uploads, the wait of the last, and the rate. */
  readonly load: () => TaskEither<QueueFailure, BudgetLoad>
  /** Ends the streams with `Cancelled` and closes the connections. The watches continue. */
  readonly close: () => Promise<void>
}

const minute = 60_000

/**
 * Creates a queue of uploads in Redis. Workers on any number of machines poll them with one budget.
 *
 * ```
 * watch()  -->  Redis  <-->  workers  -->  onSettled, at least once
 *                 |
 *                 +-->  uploadStatus$, in any process
 * ```
 *
 * - `uploadStatus$` follows the grammar of a watch. Unsubscribing does not stop the watch. A late
 *   subscriber immediately receives the latest status, or the end.
 * - An upload that was never added ends with `Left(InvalidRequest)`.
 * - While Redis is unavailable the streams wait. Afterwards everything is read again.
 *
 * @throws TypeError or RangeError that names the invalid option
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
  const { retention = 86_400_000 } = options
  milliseconds(retention, 'retention')
  const place = placeOf(options)
  const { attempt, failed } = failFast()
  const onError = (error: unknown): void => {
    notify(options.onError, error)
  }
  const queues = openQueues(place, error => {
    failed(error)
    onError(error)
  })
  const followed = followedWatches(queues, place, onError)
  const shared = shareWatches(followed, grace)
  const source = sharedSource(() => shared)
  const uploads$ = allUploads$(queues.watches, followed.added$, followed.missed$)

  /** Returns the job of an unfinished upload, or null. */
  const runningJob = async (ref: UploadRef) => {
    const [job, end] = await Promise.all([queues.watches.getJob(jobId(ref)), queues.endOf(ref)])
    const watch = job === undefined ? null : decodeJob(job)
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
        const failure = cancelled(cancelledForAll)
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
        else if (known === null || isLater(status.right, known))
          await job.updateProgress(encodeStatus(status.right))
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
