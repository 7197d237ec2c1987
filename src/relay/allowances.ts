import { Observable, tap } from 'rxjs'
import type { TrackedStatus, UploadRef } from '../api/uploadRef'
import { after } from '../runtime/wait'
import {
  createAccount,
  minute,
  permit,
  untilNext,
  type Account,
  type Caps,
  type Waiting,
} from './account'
import type { Caller } from './caller'
import { expiring } from './expiring'
import { knownAfter, theEnd } from './protocol/known'
import { nameOf } from './protocol/reference'

/** The most callers without a stream that are remembered for a minute. */
const maxIdle = 10_000

/** Follows the uploads of a caller's stream, each as soon as it is permitted. */
export type FollowFor = (
  caller: Caller,
  refs: readonly UploadRef[],
  follow$: (permitted$: Observable<UploadRef>) => Observable<TrackedStatus>,
) => Observable<TrackedStatus>

/** Changes a count and returns the new one. */
const count = (counts: Map<string, number>, name: string, by: number): number => {
  const now = (counts.get(name) ?? 0) + by
  if (now === 0) counts.delete(name)
  else counts.set(name, now)
  return now
}

/**
 * Permits the uploads of each caller up to its caps. The others wait until an upload ends or is
 * left, or until the minute is over. An upload is new unless the relay already follows it or the
 * caller left it within the last minute, so reconnecting costs nothing. Requests without a caller
 * have no cap.
 *
 * @param isKnown whether the client already has the terminal status of an upload
 */
export const createAllowances = (caps: Caps, isKnown: (name: string) => boolean): FollowFor => {
  const accounts = new Map<string, Account>()
  const idle = expiring<Account>(minute, maxIdle)
  const followed = new Map<string, number>()
  const waitingFor = new Map<string, Set<Waiting>>()

  const isPermitted = (account: Account, name: string): boolean =>
    permit(account, name, caps, name => followed.has(name) || isKnown(name))

  const stopWaiting = (waiting: Waiting): void => {
    const { name, account } = waiting
    account.waiting.delete(waiting)
    const others = waitingFor.get(name)
    others?.delete(waiting)
    if (others?.size === 0) waitingFor.delete(name)
  }

  const permitAll = (account: Account): void => {
    for (const waiting of account.waiting)
      if (isPermitted(account, waiting.name)) {
        stopWaiting(waiting)
        waiting.start()
      }
    const wait = untilNext(account, caps)
    account.timer.unsubscribe()
    if (wait === null) return
    account.timer = after(wait, () => {
      permitAll(account)
    })
  }

  /** Counts an upload as followed. From then on it is free for the callers that wait for it. */
  const begin = (name: string): void => {
    if (count(followed, name, 1) > 1) return
    for (const { account } of [...(waitingFor.get(name) ?? [])]) permitAll(account)
  }

  const accountOf = (caller: string): Account => {
    const account = accounts.get(caller) ?? idle.get(caller) ?? createAccount()
    accounts.set(caller, account)
    return account
  }

  return (caller, refs, follow$) =>
    new Observable(subscriber => {
      const account = caller === null ? null : accountOf(caller)
      const releases = new Map<string, (isOver: boolean) => void>()
      const waiting = new Set<Waiting>()

      const hold = (name: string): void => {
        if (account !== null) count(account.held, name, 1)
        releases.set(name, isOver => {
          releases.delete(name)
          count(followed, name, -1)
          if (account === null) return
          if (count(account.held, name, -1) === 0 && !isOver) account.recentlyLeft.set(name, true)
        })
        begin(name)
      }

      const permitted$ = new Observable<UploadRef>(permitted => {
        let remaining = refs.length
        const start = (ref: UploadRef): void => {
          hold(nameOf(ref))
          permitted.next(ref)
          remaining -= 1
          if (remaining === 0) permitted.complete()
        }
        for (const ref of refs) {
          const name = nameOf(ref)
          if (account === null || isPermitted(account, name)) {
            start(ref)
            continue
          }
          const one: Waiting = {
            name,
            account,
            start: () => {
              waiting.delete(one)
              start(ref)
            },
          }
          waiting.add(one)
          account.waiting.add(one)
          waitingFor.set(name, (waitingFor.get(name) ?? new Set()).add(one))
        }
        if (refs.length === 0) permitted.complete()
        if (account !== null) permitAll(account)
      })

      subscriber.add(() => {
        for (const one of waiting) stopWaiting(one)
        for (const end of [...releases.values()]) end(false)
        if (account === null || caller === null) return
        permitAll(account)
        if (account.held.size > 0 || account.waiting.size > 0) return
        accounts.delete(caller)
        idle.set(caller, account)
      })

      subscriber.add(
        follow$(permitted$)
          .pipe(
            tap(({ status, ...ref }) => {
              if (knownAfter(status) !== theEnd) return
              releases.get(nameOf(ref))?.(true)
              if (account !== null) permitAll(account)
            }),
          )
          .subscribe(subscriber),
      )
    })
}
