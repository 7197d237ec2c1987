import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import {
  BehaviorSubject,
  concat,
  NEVER,
  of,
  Subject,
  throwError,
  timer,
  type Observable,
  map,
} from 'rxjs'
import {
  cancelled,
  expired,
  invalidRequest,
  rejected,
  throttled,
  unavailable,
  unreachable,
  type Circumstances,
  type Failure,
} from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { requestBudget } from '../../src/budget/requestBudget'
import { settingsOf } from '../../src/options'
import { spaced } from '../../src/watch/schedule'
import { answer, completed, failed, ok, pending, processing, pushing, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'
import { marbles } from '../marbles'

const values = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
}

const answers = {
  p: ok(pending),
  w: ok(processing),
  c: ok(completed),
  f: ok(failed),
  u: answer(503),
  t: answer(429, null, { 'retry-after': '1' }),
  r: answer(401, { error: 'Invalid API key.' }),
  n: answer(404, { error: 'No such upload.' }),
}

const at = (
  failure: Failure,
  elapsed: number,
  attempts: number,
  lastStatus: Circumstances['lastStatus'] = null,
) => left({ ...failure, elapsed, attempts, lastStatus })

const spans = (requests: ReadonlyArray<{ readonly from: number; readonly to: number }>) =>
  requests.map(({ from, to }) => [from, to])

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  describe('polling', () => {
    test('polls immediately, then one wait after each answer, and stops at the first terminal status', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        expectObservable(watch$(['--(p|)', '--(w|)', '--(c|)'])).toBe(
          '--p 11ms w 11ms (c|)',
          values,
        )
        flush()
        expect(spans(requests)).toEqual([
          [0, 2],
          [12, 14],
          [24, 26],
        ])
      })
    })

    test('a failed upload is emitted as a status', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(f|)'])).toBe('(f|)', values)
      })
    })

    test('a slow request is never aborted or overtaken by the next poll', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        expectObservable(watch$(['30ms (p|)', '30ms (w|)', '30ms (c|)'])).toBe(
          '30ms p 39ms w 39ms (c|)',
          values,
        )
        flush()
        expect(spans(requests)).toEqual([
          [0, 30],
          [40, 70],
          [80, 110],
        ])
      })
    })

    test('emits nothing in the turn of subscribe, even if the answer and a push are synchronous', () => {
      const seen: unknown[] = []
      inVirtualTime(answers, ({ watch$ }) => {
        watch$(['(c|)'], { push: pushing(of(completed)) }).subscribe(value => seen.push(value))
        expect(seen).toEqual([])
      })
      expect(seen).toEqual([right(completed)])
    })

    test('never polls again if the schedule returns Infinity', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        const push$ = timer(50).pipe(map(() => completed))
        expectObservable(watch$(['(p|)'], { schedule: () => Infinity, push: pushing(push$) })).toBe(
          'p 49ms (c|)',
          values,
        )
        flush()
        expect(requests).toHaveLength(1)
      })
    })

    test('calls the schedule with the progress of the watch', () => {
      const progresses: unknown[] = []
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const schedule = (progress: unknown): number => {
          progresses.push(progress)
          return 5
        }
        expectObservable(watch$(['-(p|)', '-(w|)', '-(w|)', '-(c|)'], { schedule })).toBe(
          '-p 5ms w 11ms (c|)',
          values,
        )
      })
      expect(progresses).toEqual([
        { polls: 1, elapsed: 1, lastStatus: pending, unchangedFor: 0 },
        { polls: 2, elapsed: 7, lastStatus: processing, unchangedFor: 0 },
        { polls: 3, elapsed: 13, lastStatus: processing, unchangedFor: 6 },
      ])
    })

    test('a schedule that throws or returns an invalid wait errors the watch', () => {
      const bug = new Error('bug')
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const schedule = (): number => {
          throw bug
        }
        expectObservable(watch$(['(p|)'], { schedule })).toBe('#', null, bug)
      })
      for (const wait of [NaN, -1])
        inVirtualTime(answers, ({ watch$, expectObservable }) => {
          expectObservable(watch$(['(p|)'], { schedule: () => wait })).toBe(
            '#',
            null,
            new RangeError(
              `the result of schedule must be milliseconds from 0 up, not ${String(wait)}`,
            ),
          )
        })
    })

    test('a request that errors also errors the watch', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['--#'])).toBe('--#')
      })
    })

    test('an answer that throws when it is read errors the watch, without a retry', () => {
      const bug = new TypeError('this response has no headers')
      const header = (): never => {
        throw bug
      }
      const unreadable = right({ status: 503, header, body: right(null), receivedAt: 0 })
      for (const budget of [undefined, requestBudget({ perMinute: 60 })])
        inVirtualTime({ x: unreadable }, ({ watch$, expectObservable, requests, flush }) => {
          expectObservable(watch$(['--(x|)'], { budget })).toBe('--#', null, bug)
          flush()
          expect(requests).toHaveLength(1)
        })
    })
  })

  describe('values', () => {
    test('a repeated status is emitted once', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(p|)', '(p|)', '(p|)', '(c|)'])).toBe('p 29ms (c|)', values)
      })
    })

    test("with emit: 'every', a repeated status is emitted each time", () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(p|)', '(p|)', '(c|)'], { emit: 'every' })).toBe(
          'p 9ms p 9ms (c|)',
          values,
        )
      })
    })

    test.each(['changes', 'every'] as const)(
      'a status that goes backwards is reported as an event and never emitted (emit: %s)',
      emit => {
        inVirtualTime(answers, ({ watch$, expectObservable, events, flush }) => {
          expectObservable(watch$(['(w|)', '(p|)', '(p|)', '(c|)'], { emit })).toBe(
            'w 29ms (c|)',
            values,
          )
          flush()
          const regressed = { _tag: 'StatusRegressed', from: 'processing', to: 'pending', ...ref }
          expect(events.filter(({ _tag }) => _tag === 'StatusRegressed')).toEqual([
            { ...regressed, at: 10 },
            { ...regressed, at: 20 },
          ])
        })
      },
    )

    test('nothing follows a terminal status, even if an abort, a push or a pause occurs within next', () => {
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        const controller = new AbortController()
        const push$ = new Subject<UploadStatus>()
        const active$ = new BehaviorSubject(true)
        const seen: unknown[] = []
        watch$(['-(c|)'], {
          signal: controller.signal,
          push: pushing(push$),
          activity$: active$,
        }).subscribe({
          next: value => {
            seen.push(value)
            controller.abort()
            push$.next(failed)
            active$.next(false)
            active$.next(true)
          },
          complete: () => seen.push('complete'),
        })
        flush()
        expect(seen).toEqual([right(completed), 'complete'])
        expect(requests).toHaveLength(1)
      })
    })
  })

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
        ).toBe('p 159ms (x|)', { ...values, x: at(unavailable(503), 160, 4, 'pending') })
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
          x: at(throttled(1_000), 0, 1),
        })
        expectObservable(watch$(['(t|)'], { deadline: 1_000 })).toBe('1s (x|)', {
          x: at(expired(1_000, { ...throttled(1_000), attempts: 1 }), 1_000, 1),
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
            x: at(expired(120, failure), 120, 3),
          },
        )
        // A success clears it.
        expectObservable(watch$(['(u|)', '(p|)'], { deadline: 120, retry })).toBe(
          '50ms p 69ms (x|)',
          { ...values, x: at(expired(120), 120, 8, 'pending') },
        )
      })
    })

    test('a 404 is final after its grace, and within it is retried and spends no retry', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        expectObservable(watch$(['(n|)'])).toBe('(x|)', {
          x: at(rejected(404, null, 'No such upload.'), 0, 1),
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
          x: at(rejected(404, null, 'No such upload.'), 150, 2),
        })
      })
    })

    test('the deadline ends the watch, even between polls or during a request', () => {
      for (const request of ['(p|)', '5ms (p|)', '-----------------'])
        inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
          const isAnswered = request.endsWith('|)')
          const elapsed = 7
          expectObservable(watch$([request], { deadline: elapsed, emit: 'changes' })).toBe(
            isAnswered ? (request.startsWith('(') ? 'p 6ms (x|)' : '5ms p-(x|)') : '7ms (x|)',
            { ...values, x: at(expired(elapsed), elapsed, 1, isAnswered ? 'pending' : null) },
          )
          flush()
          expect(requests.every(({ to }) => to <= elapsed)).toBe(true)
        })
    })
  })

  describe('stopping', () => {
    test.each([
      ['before the first request', '!', []],
      ['during the first request', '-!', [[0, 1]]],
      ['between polls', '-----!', [[0, 2]]],
      [
        'during a later request',
        '13ms !',
        [
          [0, 2],
          [12, 13],
        ],
      ],
    ])('unsubscribing %s stops the watch immediately', (_, unsubscription, expected) => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        const isAnswered = unsubscription !== '!' && unsubscription !== '-!'
        expectObservable(watch$(['--(p|)', '--(w|)']), unsubscription).toBe(
          isAnswered ? '--p' : '',
          values,
        )
        flush()
        expect(spans(requests)).toEqual(expected)
      })
    })

    test('unsubscribing within next or within on stops the watch immediately', () => {
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        const subscription = watch$(['--(p|)']).subscribe(() => {
          subscription.unsubscribe()
        })
        flush()
        expect(spans(requests)).toEqual([[0, 2]])
      })
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        const seen: unknown[] = []
        const subscription = watch$(['--(p|)'], {
          on: () => {
            subscription.unsubscribe()
          },
        }).subscribe(value => seen.push(value))
        flush()
        expect(requests).toEqual([])
        expect(seen).toEqual([])
      })
    })

    test('a pause within on at the start of an attempt prevents its request', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, cold }) => {
        const activity$ = new BehaviorSubject(true)
        cold('---(a|)').subscribe(() => {
          activity$.next(true)
        })
        const paused$ = watch$(['-(c|)'], {
          activity$,
          on: ({ _tag, at }) => {
            if (_tag === 'AttemptStarted' && at === 0) activity$.next(false)
          },
        })
        expectObservable(paused$).toBe('1001ms (c|)', values)
        flush()
        expect(spans(requests)).toEqual([[1_000, 1_001]])
      })
    })

    test('an aborted signal ends the watch with Cancelled, and the listener is removed', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, cold }) => {
        const controller = new AbortController()
        cold('---(a|)').subscribe(() => {
          controller.abort(new Error('gone'))
        })
        expectObservable(watch$(['-(p|)'], { signal: controller.signal })).toBe('-p-(x|)', {
          ...values,
          x: at(cancelled('gone'), 3, 1, 'pending'),
        })
        flush()
        expect(getEventListeners(controller.signal, 'abort')).toEqual([])
        expect(spans(requests)).toEqual([[0, 1]])
      })
    })

    test.each([
      ['no reason', undefined, 'This operation was aborted'],
      ['a string as the reason', 'left the page', 'left the page'],
      ['a number as the reason', 7, 'aborted'],
    ])(
      'a signal that was already aborted, with %s, prevents every request',
      (_, reason, expected) => {
        inVirtualTime(answers, ({ watch$, expectObservable, requests, events, flush }) => {
          const signal = AbortSignal.abort(reason)
          const value = at(cancelled(expected), 0, 0)
          expectObservable(watch$(['-(p|)'], { signal })).toBe('(x|)', { x: value })
          flush()
          expect(requests).toEqual([])
          expect(events).toEqual([{ _tag: 'Settled', value, at: 0, ...ref }])
        })
      },
    )
  })

  describe('activity', () => {
    test('pauses on false, and on true spreads an overdue poll over the wait of the schedule', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, events, flush, hot }) => {
        const activity$ = hot('----f------t', { f: false, t: true })
        expectObservable(watch$(['(p|)', '(c|)'], { activity$ })).toBe('p 15ms (c|)', values)
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 16])
        expect(events.filter(({ _tag }) => _tag === 'Paused' || _tag === 'Resumed')).toEqual([
          { _tag: 'Paused', at: 4, ...ref },
          { _tag: 'Resumed', at: 11, ...ref },
        ])
      })
    })

    test('sends nothing while activity$ is false from the start', () => {
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        watch$(['(c|)'], { activity$: new BehaviorSubject(false), deadline: 100 }).subscribe()
        flush()
        expect(requests).toEqual([])
      })
    })

    test('a pause aborts the first request, and the next one starts a second after the first', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, hot }) => {
        const activity$ = hot('--f--t', { f: false, t: true })
        expectObservable(watch$(['----(c|)'], { activity$ })).toBe('1004ms (c|)', values)
        flush()
        expect(spans(requests)).toEqual([
          [0, 2],
          [1_000, 1_004],
        ])
      })
    })

    test.each([
      ['the Retry-After of a 429', answers.t, 1_060],
      ['the backoff after a 429 without a Retry-After', answer(429), 150],
      ['the Retry-After of a 503', answer(503, null, { 'retry-after': '1' }), 1_060],
      ['the backoff after a 503 without a Retry-After', answers.u, 50],
      ['the backoff after a request without an answer', left(unreachable('ECONNRESET')), 50],
    ])('the first request after a pause does not start before %s', (_, x, from) => {
      inVirtualTime({ ...answers, x }, ({ watch$, requests, flush, hot }) => {
        const activity$ = hot('--f--t', { f: false, t: true })
        watch$(['(x|)', '(c|)'], { activity$, retry: { base: 100, cap: 100 } }).subscribe()
        flush()
        expect(requests.map(request => request.from)).toEqual([0, from])
      })
    })

    test('a repeated value changes nothing', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, hot }) => {
        const activity$ = hot('t-t-t-f-f-f-t', { f: false, t: true })
        expectObservable(watch$(['(p|)', '(c|)'], { activity$ })).toBe('p 16ms (c|)', values)
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 17])
      })
    })

    test('twenty short pauses cause no poll earlier than the schedule', () => {
      inVirtualTime(answers, ({ watch$, requests, scheduler, flush }) => {
        const activity$ = new BehaviorSubject(true)
        for (let nth = 1; nth <= 20; nth += 1) {
          timer(100 * nth).subscribe(() => {
            activity$.next(false)
          })
          timer(100 * nth + 50).subscribe(() => {
            activity$.next(true)
          })
        }
        // The first answer takes longer than the time between two pauses.
        const watching = watch$(['200ms (p|)', '(p|)'], {
          activity$,
          schedule: spaced(500),
        }).subscribe()
        timer(2_060).subscribe(() => {
          watching.unsubscribe()
        })
        flush()
        const starts = requests.map(({ from }) => from)
        expect(scheduler.now()).toBeGreaterThan(2_000)
        expect(starts.length).toBeLessThanOrEqual(4)
        for (const [nth, start] of starts.entries())
          if (nth > 0) expect(start - (starts[nth - 1] ?? 0)).toBeGreaterThanOrEqual(500)
      })
    })

    test.each([
      ['emits a terminal status', '(c|)', 'p 999ms (c|)'],
      ['is Expired after one poll', '(p|)', 'p 999ms (x|)'],
      ['is Expired after one attempt that fails', '(u|)', 'p 999ms (y|)'],
      ['is Expired after a minute without an answer', '-', 'p 60999ms (z|)'],
    ])('a watch whose deadline passed during a pause %s', (_, next, marble) => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, hot }) => {
        const activity$ = hot('----f 995ms t', { f: false, t: true })
        const ends = { x: 1_000, y: 1_000, z: 61_000 }
        expectObservable(
          watch$(['(p|)', next], { activity$, deadline: 100, random: () => 0 }).pipe(
            map(value => (value._tag === 'Right' ? value : { ...value.left })),
          ),
        ).toBe(marble, {
          ...values,
          ...Object.fromEntries(
            Object.entries(ends).map(([name, elapsed]) => [
              name,
              expect.objectContaining({ _tag: 'Expired', elapsed, attempts: 2 }),
            ]),
          ),
        })
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 1_000])
      })
    })

    test('an error of activity$ emits SourceFailed, and the watch is active from then on', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, events, flush, cold }) => {
        const activity$: Observable<boolean> = cold('f--#', { f: false })
        expectObservable(watch$(['(c|)'], { activity$ })).toBe('1000ms (c|)', values)
        flush()
        expect(events).toContainEqual({ _tag: 'SourceFailed', source: 'activity$', at: 3, ...ref })
      })
    })
  })

  describe('pushes', () => {
    test('a pushed status is emitted between polls, and a terminal one ends the watch', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, events, flush, hot }) => {
        const push$ = hot('---w--c', { w: processing, c: completed })
        expectObservable(watch$(['(p|)'], { push: pushing(push$) })).toBe('p--w--(c|)', values)
        flush()
        expect(requests).toHaveLength(1)
        expect(events.flatMap(event => ('via' in event ? [event.via] : []))).toEqual([
          'poll',
          'push',
          'push',
        ])
      })
    })

    test('a pushed status of another upload is ignored', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, hot }) => {
        const push$ = hot('---x', { x: { ...completed, prefixed_id: 'ofapi_media_2' } })
        expectObservable(watch$(['(p|)', '(c|)'], { push: pushing(push$) })).toBe(
          'p 9ms (c|)',
          values,
        )
      })
    })

    test('an earlier status is not emitted after a later one that is pushed during its event', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const push$ = new Subject<UploadStatus>()
        const watched$ = watch$(['-(p|)', '-(c|)'], {
          push: pushing(push$),
          on: event => {
            if (event._tag === 'StatusReceived' && event.via === 'poll' && event.at === 1)
              push$.next(processing)
          },
        })
        expectObservable(watched$).toBe('-w 10ms (c|)', values)
      })
    })

    test('an error of the pushes emits SourceFailed, and polling continues', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, events, flush }) => {
        const push$ = throwError(() => new Error('socket'))
        expectObservable(watch$(['(p|)', '(c|)'], { push: pushing(push$) })).toBe(
          'p 9ms (c|)',
          values,
        )
        flush()
        expect(events).toContainEqual({ _tag: 'SourceFailed', source: 'push', at: 0, ...ref })
      })
    })
  })

  describe('events', () => {
    test('report every attempt, answer, retry and wait, each with its time', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, events, flush }) => {
        const retry = { retries: 1, base: 10, cap: 10 }
        expectObservable(watch$(['-(p|)', '-(u|)', '-(c|)'], { retry })).toBe(
          '-p 16ms (c|)',
          values,
        )
        flush()
        const failure = { ...unavailable(503), attempts: 2, elapsed: 12, lastStatus: 'pending' }
        expect(events).toEqual(
          [
            { _tag: 'AttemptStarted', attempt: 1, late: 0, at: 0 },
            { _tag: 'StatusReceived', status: 'pending', via: 'poll', at: 1 },
            { _tag: 'PollScheduled', wait: 10, polls: 1, at: 1 },
            { _tag: 'AttemptStarted', attempt: 2, late: 0, at: 11 },
            { _tag: 'AttemptFailed', failure, at: 12 },
            { _tag: 'RetryScheduled', wait: 5, retries: 1, at: 12 },
            { _tag: 'AttemptStarted', attempt: 3, late: 0, at: 17 },
            { _tag: 'StatusReceived', status: 'completed', via: 'poll', at: 18 },
            { _tag: 'Settled', value: right(completed), at: 18 },
          ].map(event => ({ ...event, ...ref })),
        )
      })
    })

    test('have times from the start of the watch, whatever the origin of its clock', () => {
      inVirtualTime(answers, ({ scheduler, watch$, expectObservable, events, flush }) => {
        const clock = (): number => scheduler.now() + 86_400_000
        expectObservable(watch$(['(p|)', '(c|)'], { clock })).toBe('p 9ms (c|)', values)
        flush()
        expect(events.map(event => event.at)).toEqual([0, 0, 0, 10, 10, 10])
      })
    })

    test('an exception of the event listener is ignored', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const on = (): void => {
          throw new Error('mine')
        }
        expectObservable(watch$(['(p|)', '(c|)'], { on })).toBe('p 9ms (c|)', values)
      })
    })
  })

  describe('budget', () => {
    test('an attempt waits for a free slot, and its event has the delay', () => {
      inVirtualTime(answers, ({ scheduler, watch$, expectObservable, requests, events, flush }) => {
        const clock = (): number => scheduler.now()
        const budget = requestBudget({ perMinute: 60, inFlight: 1, clock, random: () => 0.5 })
        const hog$ = budget.admit(concat(timer(4), NEVER)).subscribe()
        timer(6).subscribe(() => {
          hog$.unsubscribe()
        })
        expectObservable(watch$(['-(c|)'], { budget })).toBe('7ms (c|)', values)
        flush()
        expect(requests.map(({ from }) => from)).toEqual([6])
        expect(events).toContainEqual({
          _tag: 'AttemptStarted',
          attempt: 1,
          late: 6,
          at: 6,
          ...ref,
        })
      })
    })

    test('an attempt without an answer does not delay the next one', () => {
      inVirtualTime(
        { ...answers, x: left(unreachable('ECONNRESET')) },
        ({ scheduler, watch$, expectObservable }) => {
          const clock = (): number => scheduler.now()
          const budget = requestBudget({ perMinute: 60, clock, random: () => 0.5 })
          const retry = { base: 100, cap: 100 }
          expectObservable(watch$(['(x|)', '(c|)'], { budget, retry })).toBe('50ms (c|)', values)
        },
      )
    })

    test('a 429 of one watch pauses all watches of the budget', () => {
      inVirtualTime(answers, ({ scheduler, watch$, expectObservable, requests, flush }) => {
        const clock = (): number => scheduler.now()
        const budget = requestBudget({ perMinute: 60, clock, random: () => 0.5 })
        expectObservable(watch$(['(t|)', '(c|)'], { budget })).toBe('2s (c|)', values)
        expectObservable(watch$(['(p|)', '(c|)'], { budget })).toBe('p 999ms (c|)', values)
        flush()
        // One request when the pause is over, and the other at an even pace after its answer.
        expect(requests.map(({ from }) => from).sort((a, b) => a - b)).toEqual([0, 0, 1_000, 2_000])
      })
    })
  })

  describe('after a sleep of the machine', () => {
    test.each([
      [5_000, 10],
      [5_001, 2_510],
      [60_000, 2_510],
    ])('a poll is spread over 5 s if the timer is more than 5 s late: %d ms', (late, next) => {
      inVirtualTime(answers, ({ scheduler, watch$, requests, events, flush }) => {
        let slept = 0
        const clock = (): number => scheduler.now() + slept
        timer(5).subscribe(() => {
          slept = late
        })
        watch$(['(p|)', '(c|)'], { clock }).subscribe()
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, next])
        // No event reports the wait itself: the next attempt is late.
        expect(events.map(({ _tag }) => _tag)).toEqual([
          'AttemptStarted',
          'StatusReceived',
          'PollScheduled',
          'AttemptStarted',
          'StatusReceived',
          'Settled',
        ])
      })
    })

    test('a watch that was paused meanwhile is spread over its wait, as after any pause', () => {
      inVirtualTime(answers, ({ scheduler, watch$, requests, flush }) => {
        let slept = 0
        const clock = (): number => scheduler.now() + slept
        const activity$ = new BehaviorSubject(true)
        timer(5).subscribe(() => {
          activity$.next(false)
          slept = 60_000
        })
        timer(7).subscribe(() => {
          activity$.next(true)
        })
        watch$(['(p|)', '(c|)'], { clock, activity$ }).subscribe()
        flush()
        expect(requests.map(({ from }) => from)).toEqual([0, 12])
      })
    })

    test('a poll that is on time starts immediately, even after a long wait', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const schedule = (): number => 60_000
        expectObservable(watch$(['(p|)', '(c|)'], { schedule })).toBe('p 59999ms (c|)', values)
      })
    })
  })
})
