import type { Task } from 'fp-ts/Task'
import { firstValueFrom, forkJoin } from 'rxjs'
import type { FanslyUploadStatus } from './api/fansly'
import type { PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import type { TerminalOf } from './api/status'
import type { ExpectedFanslyUpload, ExpectedUpload } from './api/uploadRef'
import { list } from './failure/checked'
import { outcomes, type TrackedOutcome } from './operators/outcomes'
import { sharedSource } from './sharedSource'
import type { FollowOptions, UploadStatusSource } from './source'
import { ownWatches, type WatchManyOptions } from './uploadStatuses'

/** Returns the outcome of each upload on a source, in the order of the references. */
export const outcomesOf = (
  source: UploadStatusSource,
  refs: readonly ExpectedUpload[],
  options?: FollowOptions,
): Promise<readonly TrackedOutcome[]> =>
  firstValueFrom(
    forkJoin(refs.map(ref => source.uploadStatuses$([ref], options).pipe(outcomes()))),
    { defaultValue: [] },
  )

/**
 * Returns the outcomes of many uploads as a lazy task. Each call watches all of them to their ends.
 *
 * - The outcomes are in the order of the references. A duplicate reference is watched once.
 * - The failure of one upload does not affect the others. The promise rejects only on a bug.
 * - To stop early, pass a `signal`: each unfinished upload then ends with `Left(Cancelled)`.
 *
 * @param refs references; `hint` is your estimate of how long an upload takes, in milliseconds
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const refs = ['ofapi_media_1', 'ofapi_media_2'].map(upload => ({ account: 'acct_1', upload }))
 * for (const { upload, status } of await uploadOutcomes(refs)())
 *   console.log(upload, status._tag === 'Left' ? describeFailure(status.left) : status.right.status)
 */
export function uploadOutcomes(
  refs: readonly ExpectedFanslyUpload[],
  options?: WatchManyOptions,
): Task<readonly TrackedOutcome<TerminalOf<FanslyUploadStatus>>[]>
export function uploadOutcomes(
  refs: readonly ExpectedUpload[],
  options?: WatchManyOptions,
): Task<readonly TrackedOutcome[]>
export function uploadOutcomes(
  refs: readonly ExpectedUpload[],
  options: WatchManyOptions = {},
): Task<readonly TrackedOutcome<TerminalOf<UploadStatusOf<PlatformName>>>[]> {
  list(refs, 'refs', 'references { account, upload }')
  const watches = ownWatches(options)
  return () => {
    const shared = watches()
    return outcomesOf(
      sharedSource(() => shared),
      refs,
    )
  }
}
