import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { BehaviorSubject, concat, NEVER, of, Subject, throwError, timer, map } from 'rxjs'
import { unavailable, unreachable } from '../../src/failure/failure'
import { requestBudget } from '../../src/budget/requestBudget'
import { completed, failed, pending, processing, pushing, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'
import type { UploadStatus } from '../../src/api/status'
import { answers, spans, values } from './marbleValues'

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
})
