import { from, merge, tap, type Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import * as E from '../failure/either'
import { rejected } from '../failure/failure'
import type { Caps } from './account'
import { createAllowances } from './allowances'
import type { Judged } from './authorization'
import type { Caller } from './caller'
import { expiring } from './expiring'
import { knownAfter, theEnd } from './protocol/known'
import { nameOf } from './protocol/reference'
import type { Upstream } from './relayOptions'

/** Milliseconds for which a failure is the answer to everybody, without another request. */
const failureAge = 10_000

/** Milliseconds, and uploads, for which the client is believed to remember a terminal status. */
const terminalAge = 600_000
const mostRemembered = 1_000

/** The statuses of the uploads of a stream. */
export type Statuses = (caller: Caller, judged: readonly Judged[]) => Observable<TrackedStatus>

/** Follows what a caller may see, up to its caps. What was denied, or failed a moment ago, fails. */
export const createStatuses = ({ uploadStatuses$ }: Upstream, caps: Caps): Statuses => {
  const failures = expiring<TrackedStatus>(failureAge, mostRemembered)
  const terminal = expiring<true>(terminalAge, mostRemembered)
  const follow$ = createAllowances(caps, name => terminal.get(name) === true)

  const remember = (tracked: TrackedStatus): void => {
    if (E.isLeft(tracked.status)) failures.set(nameOf(tracked), tracked)
    else if (knownAfter(tracked.status) === theEnd) terminal.set(nameOf(tracked), true)
  }

  return (caller, judged) => {
    const answered = judged.flatMap(({ account, upload, denied }) => {
      if (denied !== null) return [{ account, upload, status: E.left(rejected(denied)) }]
      const failed = failures.get(nameOf({ account, upload }))
      return failed === undefined ? [] : [failed]
    })
    const names = new Set(answered.map(nameOf))
    const refs = judged
      .filter(ref => !names.has(nameOf(ref)))
      .map(({ account, upload }) => ({ account, upload }))
    return merge(
      from(answered),
      follow$(caller, refs, permitted$ => uploadStatuses$(permitted$).pipe(tap(remember))),
    )
  }
}
