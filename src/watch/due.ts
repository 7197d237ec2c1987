import { defer, NEVER, of, startWith, switchMap, take, type Observable } from 'rxjs'
import { wait$ } from '../runtime/wait'
import type { LiveWatch } from './liveWatch'
import { overslept } from './transition'
import { endOf } from './watchState'

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
  { deadline, random }: { readonly deadline: number; readonly random: () => number },
  moved$: Observable<unknown>,
): Observable<unknown> => {
  const end = (): number => endOf(watch.state(), deadline)
  const due = (): number => watch.state().dueAt
  const timer$ = defer(() => wait$(Math.min(due(), end()) - watch.elapsed()))
  // An idle watch that nothing moves needs the timer alone.
  const waited$ =
    moved$ === NEVER
      ? timer$
      : moved$.pipe(
          startWith(null),
          switchMap(() => timer$),
          take(1),
        )
  const next$: Observable<unknown> = waited$.pipe(
    switchMap(value => {
      const now = watch.elapsed()
      if (now - due() <= slept || now >= end()) return of(value)
      watch.apply(overslept(random))
      return due() > now ? next$ : of(value)
    }),
  )
  return next$
}
