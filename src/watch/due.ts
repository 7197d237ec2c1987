import {
  defer,
  EMPTY,
  map,
  of,
  startWith,
  switchMap,
  take,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import { wait$ } from '../runtime/wait'
import type { LiveWatch } from './liveWatch'
import { overslept, ranOut } from './transition'
import type { Rules, Transition } from './watchState'

// When the next attempt of a watch is due, and its end.

/** A timer that is later than this, in ms, was slept over, or throttled. */
const slept = 5_000

/**
 * Emits once when the next attempt of a watch, or its end, is due. After a sleep of the machine it
 * waits a random part of 5 s more, so that not all watches poll at once.
 *
 * @param moved$ emits when the attempt may have become due at another time
 */
export const due$ = (
  watch: LiveWatch,
  { random }: Pick<Rules, 'random'>,
  moved$: Observable<unknown>,
): Observable<unknown> => {
  const untilDue = (): number => watch.state().dueAt - watch.elapsed()
  const timer$ = defer(() => wait$(Math.min(untilDue(), watch.timeLeft())))
  // An idle watch that nothing moves needs the timer alone.
  const waited$ =
    moved$ === EMPTY
      ? timer$
      : moved$.pipe(
          startWith(null),
          switchMap(() => timer$),
          take(1),
        )
  const next$: Observable<unknown> = waited$.pipe(
    switchMap(value => {
      if (untilDue() >= -slept || watch.timeLeft() <= 0) return of(value)
      watch.apply(overslept(random))
      return untilDue() > 0 ? next$ : of(value)
    }),
  )
  return next$
}

/** Ends the watch when its time is over. */
export const end$ = (
  watch: LiveWatch,
  { deadline }: Pick<Rules, 'deadline'>,
): Observable<Transition> => defer(() => wait$(watch.timeLeft())).pipe(map(() => ranOut(deadline)))

/** Subscribes to an attempt, or ends the watch if its time is over. */
export const beforeEnd =
  (watch: LiveWatch, { deadline }: Pick<Rules, 'deadline'>): MonoTypeOperatorFunction<Transition> =>
  attempt$ =>
    defer(() => (watch.timeLeft() > 0 ? attempt$ : of(ranOut(deadline))))
