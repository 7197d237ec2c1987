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
import { teach } from './budgeted'
import type { Watched } from './event'
import { liveWatch, type BegunWatch } from './liveWatch'
import { decodeAnswer, received } from './received'
import { gaveUp, ranOut, started } from './transition'
import type { WatchSettings } from './watchSettings'
import type { Transition } from './watchState'

/** What a watch knows after an attempt, and what it emits. */
export interface WatchStep extends BegunWatch {
  /** A terminal status or a failure ends the watch. */
  readonly value: Watched | undefined
}

/** The part of the settings that one attempt needs. */
export type StepSettings = Omit<WatchSettings, 'activity$' | 'push' | 'signal'>

/**
 * One attempt of a watch that is kept elsewhere between its attempts, for instance in a queue.
 * Emits one step and completes. The next attempt is due at `state.dueAt`.
 *
 * ```
 * watch   step ── until dueAt ── step ── until dueAt ── step: a terminal status, or a failure
 * ```
 *
 * Values, events and times are those of `uploadStatus$`. An attempt that the deadline overtakes is
 * aborted. Unsubscribing aborts it too.
 */
export const step$ = (
  ref: UploadRef,
  requestOf: RequestOf,
  settings: StepSettings,
  begun: BegunWatch,
): Observable<WatchStep> =>
  defer(() => {
    const { budget, deadline } = settings
    const watch = liveWatch(ref, settings, begun)
    const untilDeadline = deadline - begun.elapsed

    const attempt$ = defer((): Observable<Transition> => {
      const request = requestOf(ref, after)
      if (E.isLeft(request)) return of(gaveUp(request.left))
      return request.right.pipe(
        tap(teach(budget, ref)),
        map(answer => received(decodeAnswer(ref.upload, answer), settings)),
        startWith(started),
      )
    })
    const end$ = of(ranOut(deadline))
    const transition$ =
      untilDeadline <= 0 ? end$ : merge(wait$(untilDeadline).pipe(switchMap(() => end$)), attempt$)

    return transition$.pipe(
      map(transition => ({ transition, value: watch.apply(transition) })),
      // The start of the request is not yet the end of the attempt.
      filter(({ transition }) => transition !== started),
      take(1),
      map(({ value }) => ({ state: watch.state(), elapsed: watch.elapsed(), value })),
      finalize(watch.close),
    )
  })
