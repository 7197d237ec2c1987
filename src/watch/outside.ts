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
import { sameContext } from '../runtime/sameContext'
import type { WatchEvent } from './event'
import type { LiveWatch } from './liveWatch'
import { latestPush, openPush, readPush, unwatched, type Push, type PushSource } from './push'
import {
  fellBack,
  gaveUp,
  ignoredPush,
  paused,
  pollRequested,
  reliedOn,
  resumed,
  sourceFailed,
} from './transition'
import type { WatchSettings } from './watchSettings'
import type { Rules, Transition } from './watchState'
import { learned } from './answered'

// What reaches a watch from outside, as streams of its transitions. A stream that the options do not
// ask for is `EMPTY`: once it has completed, it takes no memory of an idle watch.

interface PushSettings extends Rules {
  readonly push: PushSource | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
}

/** Ends the watch when the signal is aborted, or if it is aborted already. */
export const aborted$ = (signal: AbortSignal | undefined): Observable<Transition> =>
  signal === undefined
    ? EMPTY
    : new Observable(subscriber => {
        const cancel = (): void => {
          subscriber.next(gaveUp(cancelled(reasonOf(signal))))
        }
        if (signal.aborted) cancel()
        return onAbort(signal, cancel)
      })

/** What a push of the upload of a watch does to the watch. */
export const learnedByPush = (status: Push['status'], rules: Rules): Transition =>
  E.isLeft(status) ? ignoredPush(status.left) : learned(status.right, 'push', rules)

/** The end that was pushed before the watch began. It opens and closes the watch at the source. */
const known$ = (ref: UploadRef, { push, ...rules }: PushSettings): Observable<Transition> =>
  new Observable(subscriber => {
    const failed = (): void => {
      subscriber.next(sourceFailed('push'))
    }
    const close = openPush(push, ref, failed)
    const status = latestPush(push, ref, failed)
    if (status !== null) subscriber.next(learnedByPush(status, rules))
    return close
  })

/** The pushes of this upload. What is of none, or cannot be read, is an event and nothing else. */
export const pushed$ = (ref: UploadRef, settings: PushSettings): Observable<Transition> => {
  const { push, on, ...rules } = settings
  if (push === undefined) return EMPTY
  const statuses$ = push.statuses$.pipe(
    sameContext(),
    mergeMap(pushed => {
      const { ref: named, status } = readPush(pushed)
      if (named.account === ref.account && named.upload === ref.upload)
        return of(learnedByPush(status, rules))
      notify(on, { ...(E.isLeft(status) ? status.left : unwatched), ...named, at: 0 })
      return EMPTY
    }),
    catchError(() => of(sourceFailed('push'))),
  )
  return merge(statuses$, known$(ref, settings))
}

/**
 * Applies what may move the next poll, and emits afterwards: whether pushes can be relied on, and polls
 * that are asked for.
 */
export const moves$ = (
  ref: UploadRef,
  { push, poll$, random }: Pick<WatchSettings, 'push' | 'poll$' | 'random'>,
  watch: LiveWatch,
): Observable<unknown> => {
  const alive$ = sendsEvents(ref) ? push?.alive$ : undefined
  if (alive$ === undefined && poll$ === undefined) return EMPTY
  return merge(
    (alive$ ?? NEVER).pipe(
      sameContext(),
      startWith(false),
      distinctUntilChanged(),
      skip(1),
      map(isAlive => (isAlive ? reliedOn : fellBack(random))),
      catchError(() => of(sourceFailed('push'), fellBack(random))),
    ),
    (poll$ ?? NEVER).pipe(
      sameContext(),
      map(() => pollRequested),
      catchError(() => of(sourceFailed('poll$'))),
    ),
  ).pipe(map(watch.apply), share({ resetOnComplete: false }))
}

/**
 * Subscribes to the polls, and the end, while the activity says `true`, and pauses while it says
 * `false`. An activity that fails counts as `true` from then on.
 */
export const whileActive =
  (
    settings: Rules & Pick<WatchSettings, 'activity$'>,
    watch: LiveWatch,
  ): MonoTypeOperatorFunction<Transition> =>
  polls$ =>
    settings.activity$?.pipe(
      sameContext(),
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
    ) ?? polls$
