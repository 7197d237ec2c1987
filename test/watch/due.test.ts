import { describe, expect, test } from '@jest/globals'
import { defer, EMPTY, of, Subject, type Observable } from 'rxjs'
import { beforeEnd, due$, end$ } from '../../src/watch/due'
import { liveWatch, type LiveWatch } from '../../src/watch/liveWatch'
import { paused, pollRequested } from '../../src/watch/transition'
import { unstarted, type Transition } from '../../src/watch/watchState'
import { ref } from '../answers'
import { marbles } from '../marbles'

const half = { random: (): number => 0.5 }

/** A watch whose poll is due after a second. The machine sleeps for so many ms until then. */
const watchOf = (clock: () => number, { asleep = 0, deadline = 60_000 } = {}): LiveWatch =>
  liveWatch(
    ref,
    { clock: () => clock() + (clock() < 1_000 ? 0 : asleep), deadline },
    { state: { ...unstarted, dueAt: 1_000 }, elapsed: 0 },
  )

describe('a poll', () => {
  test('starts when it is due, or at the end of its watch', () => {
    marbles(({ clock, expectObservable }) => {
      expectObservable(due$(watchOf(clock), half, EMPTY)).toBe('1s (0|)', [0])
      expectObservable(due$(watchOf(clock, { deadline: 400 }), half, EMPTY)).toBe('400ms (0|)', [0])
    })
  })

  test('starts at another time where it was moved', () => {
    marbles(({ at, clock, expectObservable }) => {
      const moved$ = new Subject<void>()
      const watch = watchOf(clock)
      at(300, () => {
        watch.apply(pollRequested)
        moved$.next()
      })
      expectObservable(due$(watch, half, moved$)).toBe('300ms (0|)', [0])
    })
  })

  test.each([
    ['more than 5 s late is spread over 5 s', 5_001, '3500ms (0|)', 8_501],
    ['5 s late starts', 5_000, '1s (0|)', 1_000],
  ])('that comes %s', (_, asleep, expected, dueAt) => {
    marbles(({ clock, expectObservable, flush }) => {
      const watch = watchOf(clock, { asleep })
      expectObservable(due$(watch, half, EMPTY)).toBe(expected, [0])
      flush()
      expect(watch.state().dueAt).toBe(dueAt)
    })
  })

  test.each([11_000, 8_000])('is not spread beyond the end of its watch at %d ms', deadline => {
    marbles(({ clock, expectObservable, flush }) => {
      const watch = watchOf(clock, { asleep: 10_000, deadline })
      expectObservable(due$(watch, half, EMPTY)).toBe('1s (0|)', [0])
      flush()
      expect(watch.state().dueAt).toBe(1_000)
    })
  })
})

test('a watch ends when its time is over', () => {
  marbles(({ clock, expectObservable }) => {
    const deadline = 40
    const tags$ = end$(watchOf(clock, { deadline }), { deadline })
    expectObservable(tags$).toBe('40ms (e|)', { e: expect.any(Function) })
  })
})

test.each([
  [1, 1],
  [0, 0],
])('with %d ms left, %d attempts start', (deadline, expected) => {
  let attempts = 0
  const attempt$: Observable<Transition> = defer(() => {
    attempts += 1
    return of(paused)
  })
  const watch = watchOf(() => 0, { deadline })
  const values: unknown[] = []
  attempt$
    .pipe(beforeEnd(watch, { deadline }))
    .subscribe(transition => values.push(watch.apply(transition)?._tag))
  expect([attempts, values]).toEqual([expected, [expected === 0 ? 'Left' : undefined]])
})
