import {
  defer,
  EMPTY,
  of,
  startWith,
  switchMap,
  take,
  takeUntil,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import { wait$ } from '../runtime/wait'
import type { LiveWatch } from './liveWatch'
import { timerFiredLate, deadlinePassed } from './transition'
import type { Rules, Transition } from './watchState'

// The timers for the next attempt and for the end of a watch.

/** Milliseconds until the next attempt is due; negative if it is late. */
const untilDue = (watch: LiveWatch): number => watch.state().dueAt - watch.elapsed()

/**
 * Emits once when the next attempt of a watch, or its end, is due: in a later turn, unless the deadline
 * has passed.
 *
 * @param moved$ emits when the due time may have changed
 */
export const due$ = (watch: LiveWatch, moved$: Observable<unknown>): Observable<unknown> => {
  const timer$ = defer(() => {
    const timeLeft = watch.timeLeft()
    return timeLeft > 0 ? wait$(Math.min(untilDue(watch), timeLeft)) : of(null)
  })
  // Without `moved$` an idle watch needs only the timer.
  return moved$ === EMPTY
    ? timer$
    : moved$.pipe(
        startWith(null),
        switchMap(() => timer$),
        take(1),
      )
}

/** If a timer is later than this, in ms, the machine slept or the host throttles timers. */
const maxDelay = 5_000

/**
 * Subscribes to an attempt that is due, and stops it at the deadline; after the deadline, ends the watch
 * instead. Completes if the attempt is not due: a timer may fire a millisecond early, and after the
 * machine has slept an attempt is delayed by up to 5 s (random), so that not all watches poll together.
 */
export const inTime =
  (
    watch: LiveWatch,
    { deadline, random }: Pick<Rules, 'deadline' | 'random'>,
  ): MonoTypeOperatorFunction<Transition> =>
  attempt$ =>
    defer(() => {
      if (watch.timeLeft() <= 0) return of(deadlinePassed(deadline))
      if (untilDue(watch) < -maxDelay) watch.apply(timerFiredLate(random))
      return untilDue(watch) > 0 ? EMPTY : attempt$.pipe(takeUntil(wait$(watch.timeLeft())))
    })
