import {
  defer,
  filter,
  finalize,
  map,
  merge,
  of,
  startWith,
  switchMap,
  take,
  tap,
  type Observable,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import type { RequestOf } from '../http/request'
import { after, wait$ } from '../runtime/wait'
import { informBudget } from './budgeted'
import type { Watched } from './event'
import { liveWatch, type SavedWatch } from './liveWatch'
import { decodeAnswer, received } from './received'
import { failedWith, deadlinePassed, started } from './transition'
import type { WatchSettings } from './watchSettings'
import type { Transition } from './watchState'

/** The state of a watch after an attempt, and the value that it emits. */
export interface WatchStep extends SavedWatch {
  /** The value to emit, if any. A terminal status or a failure ends the watch. */
  readonly value: Watched | undefined
}

/** The part of the settings that one attempt needs. */
export type StepSettings = Omit<WatchSettings, 'activity$' | 'push' | 'signal'>

/**
 * Makes one attempt of a watch that is stored between its attempts, for example in a queue. Emits one
 * step and completes. The next attempt is due at `state.dueAt`.
 *
 * ```
 * watch   step ── until dueAt ── step ── until dueAt ── step: a terminal status, or a failure
 * ```
 *
 * Values, events and times are the same as those of `uploadStatus$`. The deadline aborts the attempt,
 * and so does unsubscribing. A defect errors the step after the event `Stopped`.
 */
export const step$ = (
  ref: UploadRef,
  requestOf: RequestOf,
  settings: StepSettings,
  begun: SavedWatch,
): Observable<WatchStep> =>
  defer(() => {
    const { budget, deadline } = settings
    const watch = liveWatch(ref, settings, begun)
    const untilDeadline = deadline - begun.elapsed

    const attempt$ = defer((): Observable<Transition> => {
      const request = requestOf(ref, after)
      if (E.isLeft(request)) return of(failedWith(request.left))
      return request.right.pipe(
        tap(informBudget(budget, ref)),
        map(answer => received(decodeAnswer(ref.upload, answer), settings)),
        startWith(started),
      )
    })
    const end$ = of(deadlinePassed(deadline))
    const transition$ =
      untilDeadline <= 0 ? end$ : merge(wait$(untilDeadline).pipe(switchMap(() => end$)), attempt$)

    return transition$.pipe(
      map(transition => ({ transition, value: watch.apply(transition) })),
      // The start of the request does not end the attempt.
      filter(({ transition }) => transition !== started),
      take(1),
      map(({ value }) => ({ state: watch.state(), elapsed: watch.elapsed(), value })),
      tap({ error: watch.stop }),
      finalize(watch.close),
    )
  })
