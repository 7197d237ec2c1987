import { describe, expect, test } from '@jest/globals'
import { NEVER, of } from 'rxjs'
import { requestBudget } from '../../src/budget/requestBudget'
import type { WatchOptions } from '../../src/options'
import { spaced } from '../../src/watch/schedule'
import { answer, completed, ok, pending, processing } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const answers = {
  p: ok(pending),
  w: ok(processing),
  c: ok(completed),
  a: answer(200, processing, { 'retry-after': '2' }),
}

/** The start times of the requests, with a budget that may poll 200 ms after an answer. */
const startsOf = (
  engine: (typeof engines)[number][1],
  marbles: readonly string[],
  options: WatchOptions = {},
): readonly number[] => {
  let starts: readonly number[] = []
  virtualTimeOf(engine)(answers, ({ scheduler, watch$, requests, flush }) => {
    const clock = (): number => scheduler.now()
    const budget = requestBudget({ perMinute: 6_000, earliest: 200, clock, random: () => 0 })
    watch$(marbles, { schedule: spaced(5_000), deadline: 20_001, ...options, budget }).subscribe()
    flush()
    starts = requests.map(({ from }) => from)
  })
  return starts
}

describe.each(engines)('earliest, with %s', (_, engine) => {
  test('polls that long after an answer, sooner than the schedule', () => {
    expect(startsOf(engine, ['(p|)', '(w|)', '10ms (w|)', '(c|)'])).toEqual([0, 200, 400, 610])
  })

  test('changes nothing if it is not given', () => {
    virtualTimeOf(engine)(answers, ({ scheduler, watch$, requests, flush }) => {
      const clock = (): number => scheduler.now()
      const budget = requestBudget({ perMinute: 6_000, clock })
      watch$(['(p|)', '(c|)'], { schedule: spaced(5_000), budget }).subscribe()
      flush()
      expect(requests.map(({ from }) => from)).toEqual([0, 5_000])
    })
  })

  test('does not delay a poll that the schedule wants sooner', () => {
    expect(startsOf(engine, ['(p|)', '(c|)'], { schedule: spaced(150) })).toEqual([0, 150])
  })

  test('sends no poll after the schedule returns Infinity', () => {
    expect(startsOf(engine, ['(p|)'], { schedule: () => Infinity })).toEqual([0])
  })

  test('polls no sooner than the server allows', () => {
    // Plus the jitter of a requested wait.
    expect(startsOf(engine, ['(a|)', '(c|)'])).toEqual([0, 2_120])
  })

  test('does not shorten the waits of the safety net', () => {
    const push = { statuses$: NEVER, alive$: of(true) }
    const safetyNet = spaced(7_000)
    expect(startsOf(engine, ['(p|)', '(w|)', '(c|)'], { push, safetyNet })).toEqual([
      0, 7_000, 14_000,
    ])
  })

  test('polls no sooner than the budget has room', () => {
    virtualTimeOf(engine)(answers, ({ scheduler, watch$, requests, flush }) => {
      const clock = (): number => scheduler.now()
      const budget = requestBudget({ perMinute: 60, burst: 1, earliest: 200, clock })
      watch$(['(p|)', '(w|)', '(c|)'], { schedule: spaced(5_000), budget }).subscribe()
      flush()
      expect(requests.map(({ from }) => from)).toEqual([0, 1_000, 2_000])
    })
  })
})
