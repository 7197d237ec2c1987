import {
  catchError,
  concat,
  distinctUntilChanged,
  EMPTY,
  mergeMap,
  NEVER,
  Observable,
  of,
  startWith,
  switchMap,
  type OperatorFunction,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { cancelled } from '../failure/failure'
import { onAbort, reasonOf } from '../http/aborted'
import { notify } from '../runtime/notify'
import { sameContext } from '../runtime/sameContext'
import type { WatchEvent } from './event'
import { readPush, unwatched, type PushSource } from './push'
import {
  gaveUp,
  ignoredPush,
  learned,
  paused,
  resumed,
  sourceFailed,
  type Rules,
  type Transition,
} from './transition'

// What reaches a watch from outside, as streams of its transitions.

interface PushSettings extends Rules {
  readonly push: PushSource | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
}

/** Ends the watch when the signal is aborted, or if it is aborted already. */
export const aborted$ = (signal: AbortSignal | undefined): Observable<Transition> =>
  signal === undefined
    ? NEVER
    : new Observable(subscriber => {
        const cancel = (): void => {
          subscriber.next(gaveUp(cancelled(reasonOf(signal))))
        }
        if (signal.aborted) cancel()
        return onAbort(signal, cancel)
      })

/** The pushes of this upload. What is of none, or cannot be read, is an event and nothing else. */
export const pushed$ = (
  { account, upload }: UploadRef,
  { push, on, ...rules }: PushSettings,
): Observable<Transition> =>
  push === undefined
    ? NEVER
    : push.statuses$.pipe(
        sameContext(),
        mergeMap(pushed => {
          const { ref, status } = readPush(pushed)
          if (ref.account === account && ref.upload === upload)
            return of(
              E.isLeft(status) ? ignoredPush(status.left) : learned(status.right, 'push', rules),
            )
          notify(on, { ...(E.isLeft(status) ? status.left : unwatched), ...ref, at: 0 })
          return EMPTY
        }),
        catchError(() => of(sourceFailed('push'))),
      )

/**
 * Subscribes to the polls, and the end, while the activity says `true`, and pauses while it says
 * `false`. An activity that fails counts as `true` from then on.
 */
export const whileActive =
  (
    activity$: Observable<boolean> = NEVER,
    rules: Rules,
    failed: () => void,
  ): OperatorFunction<Transition, Transition> =>
  polls$ =>
    activity$.pipe(
      sameContext(),
      catchError(() => {
        failed()
        return of(true)
      }),
      startWith(true),
      distinctUntilChanged(),
      switchMap((isActive, nth) => {
        if (!isActive) return of(paused)
        return nth === 0 ? polls$ : concat(of(resumed(rules)), polls$)
      }),
    )
