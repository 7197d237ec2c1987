import { defer, of, switchMap, type Observable } from 'rxjs'
import { wait$ } from '../runtime/wait'
import type { LiveWatch } from './liveWatch'
import { overslept } from './transition'

/** A timer that is later than this, in ms, was slept over. */
const slept = 5_000

/**
 * Emits once when the next attempt of a watch is due. After a sleep of the machine it waits a random
 * part of 5 s more, so that not all watches poll at once.
 */
export const due$ = (
  watch: LiveWatch,
  settings: { readonly deadline: number; readonly random: () => number },
): Observable<unknown> =>
  defer(() => wait$(watch.state().dueAt - watch.elapsed())).pipe(
    switchMap(value => {
      const isLate = watch.elapsed() - watch.state().dueAt > slept
      if (!isLate || watch.elapsed() >= settings.deadline) return of(value)
      watch.apply(overslept(settings.random))
      return due$(watch, settings)
    }),
  )
