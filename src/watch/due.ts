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
import { timerFiredLate, deadlinePassed } from './transition'
import type { Rules, Transition } from './watchState'

// The timers for the next attempt and for the end of a watch.

/** If a timer is later than this, in ms, the machine slept or the host throttles timers. */
const maxDelay = 5_000

/**
 * Emits once when the next attempt of a watch, or its end, is due. After the machine has slept, it
 * waits up to 5 s longer (random), so that not all watches poll at once.
 *
 * @param moved$ emits when the due time may have changed
 */
export const due$ = (
  watch: LiveWatch,
  { random }: Pick<Rules, 'random'>,
  moved$: Observable<unknown>,
): Observable<unknown> => {
  const untilDue = (): number => watch.state().dueAt - watch.elapsed()
  const timer$ = defer(() => wait$(Math.min(untilDue(), watch.timeLeft())))
  // Without `moved$` an idle watch needs only the timer.
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
      if (untilDue() >= -maxDelay || watch.timeLeft() <= 0) return of(value)
      watch.apply(timerFiredLate(random))
      return untilDue() > 0 ? next$ : of(value)
    }),
  )
  return next$
}

/** Ends the watch at its deadline. */
export const end$ = (
  watch: LiveWatch,
  { deadline }: Pick<Rules, 'deadline'>,
): Observable<Transition> =>
  defer(() => wait$(watch.timeLeft())).pipe(map(() => deadlinePassed(deadline)))

/** Subscribes to an attempt, or ends the watch if its deadline has passed. */
export const beforeEnd =
  (watch: LiveWatch, { deadline }: Pick<Rules, 'deadline'>): MonoTypeOperatorFunction<Transition> =>
  attempt$ =>
    defer(() => (watch.timeLeft() > 0 ? attempt$ : of(deadlinePassed(deadline))))
