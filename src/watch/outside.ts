import {
  catchError,
  concat,
  distinctUntilChanged,
  EMPTY,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  share,
  skip,
  startWith,
  switchMap,
  type MonoTypeOperatorFunction,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { sendsEvents } from '../api/webhook'
import * as E from '../failure/either'
import { cancelled } from '../failure/failure'
import { onAbort, reasonOf } from '../http/aborted'
import { notify } from '../runtime/notify'
import { sameContext$ } from '../runtime/sameContext'
import type { WatchEvent } from './event'
import type { LiveWatch } from './liveWatch'
import { latestPush, openPush, readPush, unwatched, type Push, type PushSource } from './push'
import {
  pushesUnreliable,
  failedWith,
  ignoredPush,
  paused,
  pollRequested,
  pushesReliable,
  resumed,
  sourceFailed,
} from './transition'
import type { WatchSettings } from './watchSettings'
import type { Rules, Transition } from './watchState'
import { statusReceived } from './answered'

// External inputs of a watch, as streams of transitions. An input that is not configured is `EMPTY`,
// which completes and so takes no memory while the watch is idle.

interface PushSettings extends Rules {
  readonly push: PushSource | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
}

/** Ends the watch when the signal aborts, or immediately if it is already aborted. */
export const aborted$ = (signal: AbortSignal | undefined): Observable<Transition> =>
  signal === undefined
    ? EMPTY
    : new Observable(subscriber => {
        const cancel = (): void => {
          subscriber.next(failedWith(cancelled(reasonOf(signal))))
        }
        if (signal.aborted) cancel()
        return onAbort(signal, cancel)
      })

/** The transition for a push of the watched upload. */
export const pushReceived = (status: Push['status'], rules: Rules): Transition =>
  E.isLeft(status) ? ignoredPush(status.left) : statusReceived(status.right, 'push', rules)

/** Emits the end that was pushed before the watch started. Calls `opened` of the source. */
const known$ = (ref: UploadRef, { push, ...rules }: PushSettings): Observable<Transition> =>
  new Observable(subscriber => {
    const failed = (): void => {
      subscriber.next(sourceFailed('push'))
    }
    const close = openPush(push, ref, failed)
    const status = latestPush(push, ref, failed)
    if (status !== null) subscriber.next(pushReceived(status, rules))
    return close
  })

/** Emits the pushes of this upload. A push that is malformed or not watched only causes an event. */
export const pushed$ = (ref: UploadRef, settings: PushSettings): Observable<Transition> => {
  const { push, on, ...rules } = settings
  if (push === undefined) return EMPTY
  const statuses$ = sameContext$(push.statuses$).pipe(
    mergeMap(pushed => {
      const { ref: named, status } = readPush(pushed)
      if (named.account === ref.account && named.upload === ref.upload)
        return of(pushReceived(status, rules))
      notify(on, { ...(E.isLeft(status) ? status.left : unwatched), ...named, at: 0 })
      return EMPTY
    }),
    catchError(() => of(sourceFailed('push'))),
  )
  return merge(statuses$, known$(ref, settings))
}

/**
 * Applies the inputs that may move the next poll (`push.alive$` and `poll$`), and emits after each.
 */
export const moves$ = (
  ref: UploadRef,
  { push, poll$, random }: Pick<WatchSettings, 'push' | 'poll$' | 'random'>,
  watch: LiveWatch,
): Observable<unknown> => {
  const alive$ = sendsEvents(ref) ? push?.alive$ : undefined
  if (alive$ === undefined && poll$ === undefined) return EMPTY
  return merge(
    sameContext$(alive$ ?? NEVER).pipe(
      startWith(false),
      distinctUntilChanged(),
      skip(1),
      map(isAlive => (isAlive ? pushesReliable : pushesUnreliable(random))),
      catchError(() => of(sourceFailed('push'), pushesUnreliable(random))),
    ),
    sameContext$(poll$ ?? NEVER).pipe(
      map(() => pollRequested),
      catchError(() => of(sourceFailed('poll$'))),
    ),
  ).pipe(map(watch.apply), share({ resetOnComplete: false }))
}

/**
 * Subscribes to the polls while `activity$` is `true`, and pauses while it is `false`. An `activity$`
 * that errors counts as `true` from then on.
 */
export const whileActive =
  (
    settings: Rules & Pick<WatchSettings, 'activity$'>,
    watch: LiveWatch,
  ): MonoTypeOperatorFunction<Transition> =>
  polls$ =>
    settings.activity$ === undefined
      ? polls$
      : sameContext$(settings.activity$).pipe(
          catchError(() => {
            watch.apply(sourceFailed('activity$'))
            return of(true)
          }),
          startWith(true),
          distinctUntilChanged(),
          switchMap((isActive, nth) => {
            if (!isActive) return of(paused)
            return nth === 0 ? polls$ : concat(of(resumed(settings)), polls$)
          }),
        )
