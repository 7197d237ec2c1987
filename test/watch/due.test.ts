import { describe, expect, test } from '@jest/globals'
import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  NEVER,
  of,
  repeat,
  Subject,
  switchMap,
  take,
  timer,
  type Observable,
} from 'rxjs'
import { due$, inTime } from '../../src/watch/due'
import { liveWatch, type LiveWatch } from '../../src/watch/liveWatch'
import { paused, pollRequested } from '../../src/watch/transition'
import { unstarted, type Transition } from '../../src/watch/watchState'
import { ref } from '../answers'
import { marbles } from '../marbles'

const random = (): number => 0.5

/** A watch whose poll is due after a second. The machine sleeps for this many ms until then. */
const watchOf = (clock: () => number, { asleep = 0, deadline = 60_000 } = {}): LiveWatch =>
  liveWatch(
    ref,
    { clock: () => clock() + (clock() < 1_000 ? 0 : asleep), deadline },
    { state: { ...unstarted, dueAt: 1_000 }, elapsed: 0 },
  )

test('a poll is due at its time, or at the deadline if that is sooner', () => {
  marbles(({ clock, expectObservable }) => {
    expectObservable(due$(watchOf(clock), EMPTY)).toBe('1s (0|)', [0])
    expectObservable(due$(watchOf(clock, { deadline: 400 }), EMPTY)).toBe('400ms (0|)', [0])
  })
})

test('a poll that is moved is due at its new time', () => {
  marbles(({ at, clock, expectObservable }) => {
    const moved$ = new Subject<void>()
    const watch = watchOf(clock)
    at(300, () => {
      watch.apply(pollRequested)
      moved$.next()
    })
    expectObservable(due$(watch, moved$)).toBe('300ms (0|)', [0])
  })
})

describe('a poll', () => {
  /** The attempts of a watch, marked `a`, and its end, marked `e`. */
  const attempts$ = (watch: LiveWatch, deadline: number): Observable<string> => {
    const next$ = due$(watch, EMPTY)
    const attempt$ = of<Transition>(paused).pipe(inTime(watch, { deadline, random }))
    return next$.pipe(
      switchMap(() => attempt$.pipe(repeat({ delay: () => next$ }))),
      map(transition => (transition === paused ? 'a' : 'e')),
      take(1),
    )
  }

  test.each([
    ['more than 5 s late is spread over 5 s', 5_001, '3500ms (a|)', 8_501],
    ['5 s late starts immediately', 5_000, '1s (a|)', 1_000],
  ])('that is %s', (_, asleep, expected, dueAt) => {
    marbles(({ clock, expectObservable, flush }) => {
      const watch = watchOf(clock, { asleep })
      expectObservable(attempts$(watch, 60_000)).toBe(expected)
      flush()
      expect(watch.state().dueAt).toBe(dueAt)
    })
  })

  test.each([11_000, 8_000])('is not spread beyond the deadline at %d ms', deadline => {
    marbles(({ clock, expectObservable, flush }) => {
      const watch = watchOf(clock, { asleep: 10_000, deadline })
      expectObservable(attempts$(watch, deadline)).toBe('1s (e|)')
      flush()
      expect(watch.state().dueAt).toBe(1_000)
    })
  })
})

test('an attempt does not start if its timer fired early', () => {
  let now = 0
  const watch = watchOf(() => now)
  let attempts = 0
  const attempt$ = defer(() => {
    attempts += 1
    return EMPTY
  }).pipe(inTime(watch, { deadline: 60_000, random }))
  const counts = [999, 1_000].map(at => {
    now = at
    attempt$.subscribe()
    return attempts
  })
  expect(counts).toEqual([0, 1])
})

test('an attempt stops at the deadline, and the end of the watch is due immediately', () => {
  marbles(({ clock, expectObservable }) => {
    const deadline = 1_040
    const watch = watchOf(clock, { deadline })
    const attempt$ = NEVER.pipe(inTime(watch, { deadline, random }))
    const wait$ = timer(1_000).pipe(ignoreElements())
    expectObservable(concat(wait$, attempt$, due$(watch, EMPTY))).toBe('1040ms (n|)', { n: null })
  })
})

test.each([
  [1, 1],
  [0, 0],
])('with %d ms before the deadline, %d attempts start', (left, expected) => {
  let attempts = 0
  const attempt$: Observable<Transition> = defer(() => {
    attempts += 1
    return of(paused)
  })
  let now = 0
  const watch = watchOf(() => now, { deadline: 1_000 + left })
  now = 1_000
  const values: unknown[] = []
  attempt$
    .pipe(inTime(watch, { deadline: 1_000 + left, random }))
    .subscribe(transition => values.push(watch.apply(transition)?._tag))
  expect([attempts, values]).toEqual([expected, [expected === 0 ? 'Left' : undefined]])
})
