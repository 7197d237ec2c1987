import { describe, expect, test } from '@jest/globals'
import { left } from 'fp-ts/Either'
import { defer, EMPTY, map, merge, mergeMap, NEVER, type Observable, of, timer } from 'rxjs'
import { timedOut, unreachable, type Failure } from '../../src/failure/failure'
import type { Answer } from '../../src/api/answer'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { requestBudget } from '../../src/budget/requestBudget'
import { answerOf } from '../api/answerOf'
import { marbles } from '../marbles'
import { wholeBudget, send, recorded$ } from './budgets'

const refused = unreachable('ECONNREFUSED')

/** Sends requests for many uploads. Returns the upload and the start of each. */
const inAnOutage = (
  options: Partial<BudgetOptions>,
  many: number,
  answer$: (upload: string, now: number) => Observable<Answer | Failure>,
): readonly (readonly [string, number])[] => {
  const starts: [string, number][] = []
  marbles(({ clock }) => {
    const budget = requestBudget({ perMinute: 6_000, random: () => 0.5, ...options, clock })
    for (let nth = 0; nth < many; nth += 1) {
      const upload = `u${String(nth)}`
      const attempt$ = defer(() => {
        starts.push([upload, clock()])
        return answer$(upload, clock())
      })
      send(budget.admit(attempt$), result => {
        if ('_tag' in result) budget.unanswered?.(result, upload)
        else budget.learn(result)
      })
    }
  })
  return starts
}

describe('a budget whose host cannot be reached', () => {
  test.each<[string, Failure]>([
    ['refuses connections', refused],
    ['is silent', timedOut('headers', 10_000)],
  ])('sends one request at a time, with backoff, if the host %s', (_, failure) => {
    const starts = inAnOutage({ inFlight: 4 }, 12, () => timer(10).pipe(map(() => failure)))
    const times = starts.map(([, at]) => at)
    expect(times.slice(0, 4)).toEqual([0, 0, 0, 0])
    // Half of up to 0.5, 1, 2, 4, 5 s, after each probe of 10 ms.
    expect(times.slice(4)).toEqual([260, 770, 1_780, 3_790, 6_300, 8_810, 11_320, 13_830])
  })

  test('has one probe in flight at a time', () => {
    const starts = inAnOutage({ inFlight: 2 }, 5, () => timer(3_000).pipe(map(() => refused)))
    expect(starts.map(([, at]) => at)).toEqual([0, 0, 3_000, 3_250, 6_500])
  })

  test('starts the queued requests evenly within 5 s after the probe is answered', () => {
    const back = 60_000
    const starts = inAnOutage({ perMinute: 2 ** 31 - 1 }, 532, (_, now) =>
      timer(10).pipe(map(() => (now < back ? refused : answerOf()))),
    )
    const late = starts.map(([, at]) => at).filter(at => at >= back)
    const [probe = NaN, ...others] = late
    expect(probe - back).toBeLessThan(2_600)
    expect(others.length).toBeGreaterThan(450)
    expect((others.at(-1) ?? NaN) - probe).toBeLessThan(5_100)
    for (const [nth, at] of others.entries())
      expect((others[nth + 10] ?? Infinity) - at).toBeGreaterThanOrEqual(90)
  })

  test('starts a few queued requests at ten a second after the probe is answered', () => {
    const starts = inAnOutage({ inFlight: 2, perMinute: 2 ** 31 - 1 }, 6, (_, now) =>
      timer(10).pipe(map(() => (now < 100 ? refused : answerOf()))),
    )
    expect(starts.map(([, at]) => at)).toEqual([0, 0, 10, 260, 370, 470])
  })

  test.each<[string, Answer | Failure]>([
    ['a certificate that is not accepted', unreachable('CERT_HAS_EXPIRED', true)],
    ['an API key that arrives too late', timedOut('apiKey', 10_000)],
    ['a body that does not end', answerOf({ body: left(timedOut('body', 10_000)) })],
    ['a 503', answerOf({ status: 503 })],
  ])('does not pause for %s', (_, result) => {
    const starts = inAnOutage({ inFlight: 1 }, 4, () => of(result))
    expect(starts.map(([, at]) => at)).toEqual([0, 0, 0, 0])
  })

  test('does not pause for failures of a single upload', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (let nth = 0; nth < 10; nth += 1) budget.unanswered?.(refused, 'the same')
      expectObservable(budget.admit(of('a'))).toBe('(a|)')
    })
  })

  test('does not pause if an answer arrives between the failures of two uploads', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (const upload of ['u1', 'u2', 'u3']) {
        budget.unanswered?.(refused, upload)
        budget.learn(answerOf())
      }
      expectObservable(budget.admit(of('a'))).toBe('(a|)')
      expectObservable(budget.admit(of('b'))).toBe('(b|)')
    })
  })

  test('continues at full speed if a request in flight is answered before the first probe', () => {
    const starts = inAnOutage({ inFlight: 3 }, 6, upload =>
      upload === 'u2'
        ? timer(20).pipe(map(() => answerOf()))
        : timer(10).pipe(map(() => (['u0', 'u1'].includes(upload) ? refused : answerOf()))),
    )
    expect(starts.slice(2).map(([, at]) => at)).toEqual([0, 20, 20, 20])
  })

  test('has one probe in flight, even if another request ends while it runs', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 3, random: () => 0.5, clock })
      const before = send(budget.admit(NEVER))
      for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
      for (const takes of [2_000, 0])
        send(
          budget.admit(merge(recorded$(starts, clock), timer(takes).pipe(mergeMap(() => EMPTY)))),
        )
      at(1_000, () => {
        before.unsubscribe()
      })
    })
    expect(starts).toEqual([250, 2_250])
  })

  test('continues at full speed 5 s after it answered', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60_000, inFlight: 1_000, random: () => 0.5, clock })
      for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
      send(budget.admit(EMPTY))
      at(1_000, () => {
        budget.learn(answerOf())
      })
      at(7_000, () => {
        for (let nth = 0; nth < 200; nth += 1) send(budget.admit(recorded$(starts, clock)))
      })
    })
    expect(new Set(starts)).toEqual(new Set([7_000]))
  })

  test('includes its pause in the load', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      at(1_000, () => {
        for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
        expect(budget.load().pausedFor).toBe(250)
      })
    })
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
      const sending = send(budget.admit(EMPTY))
      expect(budget.load()).toMatchObject({ queue: 1, wait: 1_250, rate: 60 })
      sending.unsubscribe()
    })
  })

  test('sends the next probe immediately if the probe in flight is unsubscribed', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
      const left$ = budget.admit(NEVER)
      // The probe is unsubscribed after a second: the next one follows immediately.
      expectObservable(left$, '1s !').toBe('')
      expectObservable(budget.admit(of('b'))).toBe('1s (b|)')
    })
  })
})
