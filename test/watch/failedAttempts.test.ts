import { describe, expect, test } from '@jest/globals'
import { left } from 'fp-ts/Either'
import {
  expired,
  invalidRequest,
  rejected,
  throttled,
  unavailable,
} from '../../src/failure/failure'
import { settingsOf } from '../../src/options'
import { answer, pending, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'
import { marbles } from '../marbles'
import { answers, endedBy, spans, values } from './marbleValues'

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  describe('failures', () => {
    test('a transient failure is retried after a backoff, and a success resets the count', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        // With random 0.5 the waits are 50 and 100 ms, then 50 ms again.
        expectObservable(
          watch$(['(u|)', '(u|)', '(p|)', '(u|)', '(c|)'], {
            retry: { retries: 2, base: 100, cap: 1_000 },
          }),
        ).toBe('150ms p 59ms (c|)', values)
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 50, 150, 160, 210])
      })
    })

    test('the failure after the last retry ends the watch, with its circumstances', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(
          watch$(['(p|)', '(u|)'], { retry: { retries: 2, base: 100, cap: 1_000 } }),
        ).toBe('p 159ms (x|)', { ...values, x: endedBy(unavailable(503), 160, 4, 'pending') })
      })
    })

    test('a permanent failure ends the watch immediately', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, events, flush }) => {
        const failure = { ...rejected(401, null, 'Invalid API key.'), elapsed: 2, attempts: 1 }
        const value = left(failure)
        expectObservable(watch$(['--(r|)'])).toBe('--(x|)', { x: value })
        flush()
        expect(events).toEqual(
          [
            { _tag: 'AttemptStarted', attempt: 1, late: 0, at: 0 },
            { _tag: 'AttemptFailed', failure, at: 2 },
            { _tag: 'Settled', value, at: 2 },
          ].map(event => ({ ...event, ...ref })),
        )
      })
    })

    test('a request that must not be sent ends the watch immediately, without an attempt', () => {
      const failure = invalidRequest('upload', 'is not legal')
      const events: unknown[] = []
      marbles(({ clock, expectObservable }) => {
        const settings = settingsOf({ clock, on: event => events.push(event) })
        expectObservable(engine(() => left(failure), settings)(ref)).toBe('(x|)', {
          x: left(failure),
        })
      })
      expect(events).toEqual([{ _tag: 'Settled', value: left(failure), at: 0, ...ref }])
    })

    test('a 429 is retried after its Retry-After and spends no retry', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        expectObservable(watch$(['(t|)', '(t|)', '(c|)'], { retry: { retries: 0 } })).toBe(
          '2120ms (c|)',
          values,
        )
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 1_060, 2_120])
      })
    })

    test('a 429 with a Retry-After beyond the deadline ends the watch immediately', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(t|)'], { deadline: 999 })).toBe('(x|)', {
          x: endedBy(throttled(1_000), 0, 1),
        })
        expectObservable(watch$(['(t|)'], { deadline: 1_000 })).toBe('1s (x|)', {
          x: endedBy(expired(1_000, { ...throttled(1_000), attempts: 1 }), 1_000, 1),
        })
      })
    })

    test('a Retry-After on a status that is not terminal delays the next poll', () => {
      const busy = answer(200, pending, { 'retry-after': '1' })
      inVirtualTime({ ...answers, b: busy }, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(b|)', '(c|)'])).toBe('p 1059ms (c|)', values)
      })
    })

    test('Expired has the last failure, unless a later attempt succeeded', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const retry = { retries: 9, base: 100, cap: 100 }
        const failure = { ...unavailable(503), attempts: 2, elapsed: 50 }
        expectObservable(watch$(['(u|)', '(u|)', '-'], { deadline: 120, retry })).toBe(
          '120ms (x|)',
          {
            x: endedBy(expired(120, failure), 120, 3),
          },
        )
        // A success clears it.
        expectObservable(watch$(['(u|)', '(p|)'], { deadline: 120, retry })).toBe(
          '50ms p 69ms (x|)',
          { ...values, x: endedBy(expired(120), 120, 8, 'pending') },
        )
      })
    })

    test('a 404 is final after its grace, and within it is retried and spends no retry', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(n|)'])).toBe('(x|)', {
          x: endedBy(rejected(404, null, 'No such upload.'), 0, 1),
        })
      })
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const retry = { retries: 0, base: 100, cap: 100 }
        // Each wait is the base plus half of the cap.
        expectObservable(watch$(['(n|)', '(n|)', '(c|)'], { notFoundGrace: 200, retry })).toBe(
          '300ms (c|)',
          values,
        )
      })
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const retry = { retries: 0, base: 100, cap: 100 }
        expectObservable(watch$(['(n|)'], { notFoundGrace: 100, retry })).toBe('150ms (x|)', {
          x: endedBy(rejected(404, null, 'No such upload.'), 150, 2),
        })
      })
    })

    test.each([
      ['between polls', '(p|)', 'p 6ms (x|)', 'pending', [0, 0]],
      ['between polls, after a slow answer', '5ms (p|)', '5ms p-(x|)', 'pending', [0, 5]],
      ['during a request, which is aborted', '-', '7ms (x|)', null, [0, 7]],
    ] as const)('the deadline ends the watch %s', (_, request, marble, lastStatus, span) => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        expectObservable(watch$([request], { deadline: 7 })).toBe(marble, {
          ...values,
          x: endedBy(expired(7), 7, 1, lastStatus),
        })
        flush()
        expect(spans(requests)).toEqual([span])
      })
    })
  })
})
