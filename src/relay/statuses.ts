import { from, merge, takeWhile, tap, type Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import { cancelledForAll } from '../failure/cancelReason'
import * as E from '../failure/either'
import { rejected } from '../failure/failure'
import type { Caps } from './account'
import { createAllowances } from './allowances'
import type { UploadVerdict } from './authorization'
import type { Caller } from './caller'
import { expiring } from './expiring'
import { knownAfter, theEnd } from './protocol/known'
import { nameOf } from './protocol/reference'
import type { Upstream } from './relayOptions'

/** Milliseconds for which all readers get a cached failure without another request. */
const failureAge = 10_000

/** For how long, in ms, and for how many uploads the client is assumed to cache terminal statuses. */
const terminalAge = 600_000
const maxEntries = 1_000

/** The statuses of the uploads of a stream. */
export type Statuses = (
  caller: Caller,
  verdicts: readonly UploadVerdict[],
) => Observable<TrackedStatus>

/**
 * Whether the client still watches. That it was closed, or its signal aborted, says nothing about an
 * upload: the stream is closed, and its reader connects again, perhaps to another process.
 */
const isWatched = ({ status }: TrackedStatus): boolean =>
  E.isRight(status) || status.left._tag !== 'Cancelled' || status.left.reason === cancelledForAll

/** Follows the permitted uploads, up to the caps. Denied ones and those that just failed fail. */
export const createStatuses = ({ uploadStatuses$ }: Upstream, caps: Caps): Statuses => {
  const failures = expiring<TrackedStatus>(failureAge, maxEntries)
  const terminal = expiring<true>(terminalAge, maxEntries)
  const follow$ = createAllowances(caps, name => terminal.get(name) === true)

  const remember = (tracked: TrackedStatus): void => {
    if (E.isLeft(tracked.status)) failures.set(nameOf(tracked), tracked)
    else if (knownAfter(tracked.status) === theEnd) terminal.set(nameOf(tracked), true)
  }

  return (caller, verdicts) => {
    const known = verdicts.flatMap(({ account, upload, denied }) => {
      if (denied !== null) return [{ account, upload, status: E.left(rejected(denied)) }]
      const failed = failures.get(nameOf({ account, upload }))
      return failed === undefined ? [] : [failed]
    })
    const names = new Set(known.map(nameOf))
    const refs = verdicts
      .filter(ref => !names.has(nameOf(ref)))
      .map(({ account, upload }) => ({ account, upload }))
    return merge(
      from(known),
      follow$(caller, refs, permitted$ =>
        uploadStatuses$(permitted$).pipe(takeWhile(isWatched), tap(remember)),
      ),
    )
  }
}
