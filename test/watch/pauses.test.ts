import { describe, expect, test } from '@jest/globals'
import { left } from 'fp-ts/Either'
import { BehaviorSubject, timer, type Observable, map } from 'rxjs'
import { unreachable } from '../../src/failure/failure'
import { spaced } from '../../src/watch/schedule'
import { answer, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'
import { answers, spans, values } from './marbleValues'

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

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
