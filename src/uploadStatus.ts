import type { Either } from 'fp-ts/Either'
import { defer, type Observable } from 'rxjs'
import type { Failure } from './model/failure'
import type { UploadStatus } from './model/uploadStatus'
import { settingsOf, type WatchOptions } from './options'
import { withRefusedKey } from './pipeline/refusedKey'
import { watch$ } from './pipeline/watch'
import { statusRequest } from './statusRequest'

/**
 * Watches one upload until it is `completed` or `failed`.
 *
 * ```
 * watch = Right(status)*  ( Right(terminal status) | Left(failure) )   then complete
 *
 * answers   pending   pending   processing   503   processing   completed
 * emits     pending             processing                      completed |
 * ```
 *
 * - Each subscription is a watch of its own. The first request starts at once, the next ones when
 *   `schedule` says so after an answer; there is never more than one in flight.
 * - An upload that *failed* is a `Right`: the server said so. A `Left` means that the status could
 *   not be learned; it comes last, after the retries that `options.retry` allows.
 * - Nothing is emitted before the call to `subscribe` returns, and nothing after the end.
 * - The error channel is for bugs alone, like a `schedule` that throws.
 * - Unsubscribing stops everything at once: timer, place in the budget's queue, request and body.
 *
 * @param account like `acct_…`; one that is no legal id arrives as `Left(InvalidRequest)`
 * @param upload like `ofapi_media_…`, the `prefixed_id` of the `202` answer; checked likewise
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1').subscribe(answer => {
 *   if (answer._tag === 'Left') console.error(describe(answer.left))
 *   else console.log(answer.right.status)
 * })
 *
 * @see docs/protocol.md for the grammar, rule by rule
 */
export const uploadStatus$ = (
  account: string,
  upload: string,
  options: WatchOptions = {},
): Observable<Either<Failure, UploadStatus>> => {
  const settings = settingsOf(options)
  return defer(() => {
    const own = withRefusedKey(settings)
    return watch$({ account, upload }, statusRequest(own), own)
  })
}
