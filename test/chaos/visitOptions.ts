import {
  concat,
  defer,
  endWith,
  finalize,
  interval,
  map,
  takeUntil,
  timer,
  type Observable,
} from 'rxjs'
import type { TrackedStatus, WatchEvent, WatchOptions } from 'rx-upload-status'
import { pick, type Draw } from './draw'
import { Planned, type Leaving } from './visit'
import { attemptTimeout, deadline, ownFetch, pace, type World } from './world'

/** Milliseconds in which pages are hidden and shown. A pause at the deadline delays the end. */
const restlessFor = 5_000

/** Hides a page and shows it again, each for this many milliseconds; then it is shown. */
export const restless$ = (ms: number): Observable<boolean> =>
  interval(ms).pipe(
    map(nth => nth % 2 === 1),
    takeUntil(timer(restlessFor)),
    endWith(true),
  )

/** A page that is hidden at the deadline, and for how long after it, in milliseconds. */
export const hiddenFor = 1_000
export const hiddenAtDeadline$ = (): Observable<boolean> =>
  concat(
    timer(deadline - hiddenFor).pipe(map(() => false)),
    timer(2 * hiddenFor).pipe(map(() => true)),
  )

/** The state that visitors of one round share. */
export interface Round {
  readonly number: number
  readonly uploads: readonly string[]
  readonly world: World
  readonly draw: Draw
  readonly report: (what: string) => void
  /** Receives every value of every watch. */
  readonly heard: (tracked: TrackedStatus) => void
}

/** When a visitor leaves: never, at a random moment, or during a callback. */
export const leavingOf = (draw: Draw, who: string): Leaving =>
  pick<Leaving>(draw, `${who} leaves`, [
    { when: 'never' },
    { when: 'never' },
    { when: 'never' },
    { when: 'in time', after: 1_500 * draw(`${who} leaves after`) },
    { when: 'in next', values: pick(draw, `${who} values`, [1, 2, 3]) },
    {
      when: 'in on',
      event: pick<WatchEvent['_tag']>(draw, `${who} event`, [
        'AttemptStarted',
        'StatusReceived',
        'AttemptFailed',
        'RetryScheduled',
        'PollScheduled',
        'Paused',
        'Resumed',
        'Settled',
      ]),
    },
  ])

/** The options of a watch, or of a client that lives for a round. */
export const optionsOf = ({ draw, world }: Round, who: string, isCalm: boolean): WatchOptions => {
  const { activity$, baseUrl, budget, listenerOf, push$, signal } = world
  const note = listenerOf(who, attemptTimeout)
  let keys = 0
  return {
    ...pace,
    baseUrl: !isCalm && draw(`${who} address`) < 0.03 ? 'http://[::1]:9' : baseUrl,
    headers: { 'x-client': who },
    apiKey: pick<NonNullable<WatchOptions['apiKey']>>(draw, `${who} key`, [
      'sk_chaos',
      // Rotated with each request.
      () => `sk_chaos_${String((keys += 1))}`,
      () => new Promise(resolve => setTimeout(resolve, 20, 'sk_chaos')),
      isCalm || draw(`${who} wrong`) < 0.8 ? 'sk_chaos' : 'sk_wrong',
    ]),
    fetch: pick(draw, `${who} fetch`, [undefined, ownFetch]),
    budget: isCalm ? undefined : pick(draw, `${who} budget`, [undefined, budget]),
    signal: isCalm ? undefined : pick(draw, `${who} signal`, [undefined, signal]),
    activity$: isCalm
      ? undefined
      : pick(draw, `${who} activity`, [
          undefined,
          undefined,
          activity$,
          restless$(100 + 500 * draw(`${who} pause`)),
        ]),
    push: isCalm ? undefined : pick(draw, `${who} push`, [undefined, { statuses$: push$ }]),
    emit: pick(draw, `${who} emit`, ['changes', 'every']),
    on: event => {
      note(event)
      if (draw(`${who} on`) < 0.2) throw new Planned()
    },
  }
}

/** A signal that is aborted after this many milliseconds, unless the stream ends before. */
export const abortedAfter$ = <A>(
  ms: number,
  watch$: (signal: AbortSignal) => Observable<A>,
): Observable<A> =>
  defer(() => {
    const controller = new AbortController()
    const alarm = setTimeout(() => {
      controller.abort('bored')
    }, ms)
    return watch$(controller.signal).pipe(
      finalize(() => {
        clearTimeout(alarm)
      }),
    )
  })
