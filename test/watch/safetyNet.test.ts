import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  BehaviorSubject,
  defer,
  NEVER,
  of,
  Subject,
  Subscription,
  throwError,
  timer,
  map,
  Observable,
} from 'rxjs'
import { spaced, type PushSource, type WatchEvent, type WatchOptions } from 'rx-upload-status'
import { right } from 'fp-ts/Either'
import { pushesUnreliable, pollRequested } from '../../src/watch/transition'
import { completed, pending, processing, ref } from '../answers'
import { marbles, type Marbles } from '../marbles'
import { holds } from '../random/holds'
import { engines } from './pushedWatches'
import { unstarted } from '../../src/watch/watchState'

const minutes = 60_000

/** A watch in virtual time: its inputs, its requests and its values. */
const watched = (
  engine: (typeof engines)[string],
  options: WatchOptions,
  world: (helpers: Marbles) => void = () => undefined,
  watchedRef = ref,
): { readonly asked: number[]; readonly emitted: unknown[]; readonly events: WatchEvent[] } => {
  const [asked, emitted, events]: [number[], unknown[], WatchEvent[]] = [[], [], []]
  marbles(helpers => {
    const { clock, flush } = helpers
    engine({
      deadline: 20 * minutes,
      schedule: spaced(1_000),
      safetyNet: spaced(10_000),
      clock,
      random: () => 0,
      request: ({ upload }) => of(right({ ...pending, prefixed_id: upload })),
      on: event => {
        events.push(event)
        if (event._tag === 'AttemptStarted') asked.push(clock())
      },
      ...options,
    })(watchedRef).subscribe({
      next: value => emitted.push([clock(), value._tag === 'Right' ? value.right.status : 'left']),
    })
    world(helpers)
    flush()
  })
  return { asked, emitted, events }
}

const failures = (events: readonly WatchEvent[]): readonly unknown[] =>
  events.flatMap(event => (event._tag === 'SourceFailed' ? [[event.at, event.source]] : []))

describe.each(Object.entries(engines))('%s', (_, engine) => {
  test.each([
    [0, [0, 15, 30, 60, 120, 240, 480]],
    [0.999_999, [0, 13.5, 27, 51.3, 97.47, 185.19, 351.87]],
  ])('polls 7 times in ten minutes while pushes are reliable (random: %d)', (draw, seconds) => {
    const statuses$ = new Subject<never>()
    const { asked, emitted } = watched(
      engine,
      {
        schedule: undefined,
        safetyNet: undefined,
        push: { statuses$, alive$: new BehaviorSubject(true) },
        random: () => draw,
      },
      ({ at }) => {
        at(10 * minutes, () => {
          statuses$.next({ ...ref, status: completed } as never)
        })
      },
    )
    expect(emitted.at(-1)).toEqual([10 * minutes, 'completed'])
    expect(asked).toHaveLength(7)
    asked.forEach((time, nth) => {
      expect(Math.abs(time / 1_000 - (seconds[nth] ?? NaN))).toBeLessThan(0.01)
    })
  })

  test('lengthens only later waits when pushes become reliable', () => {
    const alive$ = new BehaviorSubject(false)
    const { asked } = watched(
      engine,
      { deadline: 30_000, push: { statuses$: NEVER, alive$ } },
      ({ at }) => {
        at(1_500, () => {
          alive$.next(true)
        })
      },
    )
    expect(asked).toEqual([0, 1_000, 2_000, 12_000, 22_000])
  })

  test('polls by the schedule again, spread over 5 s, when pushes become unreliable', () => {
    const alive$ = new BehaviorSubject(true)
    const { asked } = watched(
      engine,
      {
        deadline: 27_000,
        schedule: spaced(3_000),
        push: { statuses$: NEVER, alive$ },
        random: () => 0.5,
      },
      ({ at }) => {
        // Before the time of the schedule.
        at(11_000, () => {
          alive$.next(false)
        })
        at(13_500, () => {
          alive$.next(true)
        })
        // After the time of the schedule: the poll comes after half of 5 s.
        at(21_000, () => {
          alive$.next(false)
        })
      },
    )
    expect(asked).toEqual([0, 10_000, 13_000, 16_000, 23_500, 26_500])
  })

  test('delays no poll that is due sooner, and ignores a repeated value of `alive$`', () => {
    const alive$ = new Subject<boolean>()
    let now = 0
    const { asked } = watched(
      engine,
      {
        deadline: 5_500,
        safetyNet: spaced(3_000),
        push: { statuses$: NEVER, alive$ },
        // A repeated value, or `true`, would start a poll immediately.
        random: () => (now < 2_950 ? 0.999 : 0),
      },
      ({ at }) => {
        for (const [ms, isAlive] of [
          [10, true],
          [2_900, false],
          [2_950, false],
          [3_100, true],
          [3_200, true],
        ] as const)
          at(ms, () => {
            now = ms
            alive$.next(isAlive)
          })
      },
    )
    expect(asked).toEqual([0, 1_000, 4_000])
  })

  test('treats pushes as unreliable after `alive$` has failed', () => {
    const alive$ = new BehaviorSubject(true)
    const { asked, events } = watched(
      engine,
      { deadline: 4_500, push: { statuses$: NEVER, alive$ } },
      ({ at }) => {
        at(500, () => {
          alive$.error(new Error('broken'))
        })
      },
    )
    expect(asked).toEqual([0, 1_000, 2_000, 3_000, 4_000])
    expect(failures(events)).toEqual([[500, 'push']])
  })

  test('does not lengthen the waits of Fansly uploads, as Fansly sends no events', () => {
    const { asked } = watched(
      engine,
      { deadline: 3_500, push: { statuses$: NEVER, alive$: new BehaviorSubject(true) } },
      undefined,
      { account: 'fansly_acct_1', upload: 'fansly_media_1' },
    )
    expect(asked).toEqual([0, 1_000, 2_000, 3_000])
  })

  test('polls immediately when `poll$` emits, and then by the schedule', () => {
    const poll$ = new Subject<void>()
    const { asked, events } = watched(
      engine,
      { deadline: 25_000, schedule: spaced(10_000), poll$ },
      ({ at }) => {
        at(3_000, () => {
          poll$.next()
        })
        at(14_000, () => {
          poll$.error(new Error('broken'))
        })
      },
    )
    expect(asked).toEqual([0, 3_000, 13_000, 23_000])
    expect(failures(events)).toEqual([[14_000, 'poll$']])
  })

  test('neither aborts a request nor ends a pause when `poll$` emits', () => {
    const poll$ = new Subject<void>()
    const activity$ = new BehaviorSubject(true)
    const aborted: number[] = []
    const { asked } = watched(
      engine,
      {
        deadline: 25_000,
        schedule: spaced(10_000),
        poll$,
        activity$,
        request: () =>
          new Observable(subscriber => {
            const answer$ = timer(2_000).pipe(map(() => right(pending)))
            const subscription = answer$.subscribe(subscriber)
            return () => {
              if (!subscriber.closed) aborted.push(0)
              subscription.unsubscribe()
            }
          }),
      },
      ({ at }) => {
        for (const ms of [1_000, 7_000, 8_000])
          at(ms, () => {
            poll$.next()
          })
        at(6_000, () => {
          activity$.next(false)
        })
        at(9_000, () => {
          activity$.next(true)
        })
      },
    )
    expect(aborted).toEqual([])
    // Answered after 2 s; the pause ended at 9 s.
    expect(asked.slice(0, 2)).toEqual([0, 9_000])
  })

  test('ends with an earlier push without a request, but not in the turn of subscribe', () => {
    const push = { statuses$: NEVER, latest: () => completed }
    const { asked, emitted, events } = watched(engine, { push })
    expect([asked, emitted]).toEqual([[], [[0, 'completed']]])
    expect(events.map(({ _tag }) => _tag)).toEqual(['StatusReceived', 'Settled'])
    let isSynchronous = false
    marbles(({ clock, flush }) => {
      engine({ push, clock })(ref).subscribe(() => {
        isSynchronous = true
      })
      expect(isSynchronous).toBe(false)
      flush()
    })
    expect(isSynchronous).toBe(true)
  })

  test.each<[string, () => never]>([
    ['a status of another upload', () => ({ ...completed, prefixed_id: 'b' }) as never],
    ['nonsense', () => 7 as never],
  ])('polls if `latest` returns %s, and emits PushIgnored', (_, latest) => {
    const { asked, events } = watched(engine, { deadline: 500, push: { statuses$: NEVER, latest } })
    expect(asked).toEqual([0])
    expect(events[0]).toMatchObject({ _tag: 'PushIgnored', reason: 'malformed' })
  })

  const recording = (push: Partial<PushSource>, calls: unknown[]): PushSource => ({
    statuses$: NEVER,
    opened: opened => {
      calls.push(['opened', opened])
      return () => {
        calls.push('closed')
      }
    },
    polled: (polled, status) => {
      calls.push(['polled', polled, status])
    },
    ...push,
  })

  test('calls `opened`, `polled` after a poll finds the end, and the returned function', () => {
    const calls: unknown[] = []
    watched(engine, { push: recording({}, calls), request: () => of(right(completed)) })
    expect(calls).toHaveLength(3)
    expect(calls).toEqual(
      expect.arrayContaining([['opened', ref], ['polled', ref, completed], 'closed']),
    )
  })

  test.each<[string, WatchOptions, Partial<PushSource>]>([
    [
      'a push ends the watch',
      {},
      { statuses$: timer(500).pipe(map(() => ({ ...ref, status: completed }))) },
    ],
    ['an earlier push ends the watch', {}, { latest: () => completed }],
    ['the deadline ends the watch', { deadline: 5_000 }, {}],
    ['a signal ends the watch', { signal: AbortSignal.abort() }, {}],
  ])('does not call `polled` when %s', (_, options, push) => {
    const calls: unknown[] = []
    watched(engine, { ...options, push: recording(push, calls) })
    expect(calls.flat()).not.toContain('polled')
    expect(calls.filter(call => call === 'closed')).toHaveLength(calls.length / 2)
  })

  test('calls the function that `opened` returned on unsubscribe', () => {
    const calls: unknown[] = []
    marbles(({ at, clock, flush }) => {
      const options: WatchOptions = { clock, request: () => of(right(pending)) }
      const watching = engine({ ...options, push: recording({}, calls) })(ref).subscribe()
      at(1_000, () => {
        watching.unsubscribe()
      })
      flush()
    })
    expect(calls).toEqual([['opened', ref], 'closed'])
  })

  test('calls the function that `opened` returned if `opened` itself unsubscribes', () => {
    const calls: unknown[] = []
    marbles(({ clock, flush }) => {
      const watching = new Subscription()
      const push: PushSource = {
        statuses$: NEVER,
        opened: () => {
          watching.unsubscribe()
          return () => {
            calls.push('closed')
          }
        },
        latest: () => completed,
      }
      const options: WatchOptions = { clock, request: () => of(right(pending)), push }
      watching.add(engine(options)(ref).subscribe(value => calls.push(value)))
      flush()
    })
    expect(calls).toEqual(['closed'])
  })

  test('continues if a function of the source throws, and emits SourceFailed', () => {
    const broken = (): never => {
      throw new Error('broken')
    }
    const { emitted, events } = watched(engine, {
      push: { statuses$: NEVER, latest: broken, opened: broken, polled: broken },
      request: () => of(right(completed)),
    })
    expect(emitted).toEqual([[0, 'completed']])
    expect(failures(events)).toEqual(Array(3).fill([0, 'push']))
    const closing = { statuses$: NEVER, opened: () => broken }
    const closed = watched(engine, { push: closing, request: () => of(right(completed)) })
    expect(closed.emitted).toEqual([[0, 'completed']])
  })

  test('continues if `statuses$` fails, and stays open at the source until its end', () => {
    const calls: unknown[] = []
    const statuses$ = throwError(() => new Error('broken'))
    watched(engine, { deadline: 5_000, push: recording({ statuses$ }, calls) })
    expect(calls).toEqual([['opened', ref], 'closed'])
  })

  /** How late a watch notices the end of an upload after this many ms, without an event. */
  const lateness = (ends: number, draw: number, answers: readonly (typeof pending)[]): number => {
    const end = { at: NaN }
    marbles(({ clock, flush }) => {
      let nth = 0
      engine({
        clock,
        random: () => draw,
        deadline: Infinity,
        push: { statuses$: NEVER, alive$: new BehaviorSubject(true) },
        request: () =>
          defer(() =>
            of(right(clock() >= ends ? completed : (answers[nth++ % answers.length] ?? pending))),
          ),
      })(ref).subscribe({
        complete: () => {
          end.at = clock()
        },
      })
      flush()
    })
    return end.at - ends
  }

  holds(
    'notices an end without an event within the age of the upload, or 15 s, and at most 5 minutes',
    150,
    fc.property(
      fc.integer({ min: 0, max: 3 * 60 * minutes }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      fc.array(fc.constantFrom(pending, processing), { minLength: 1, maxLength: 5 }),
      (ends, draw, answers) => {
        const late = lateness(ends, draw, answers)
        expect(late).toBeGreaterThanOrEqual(0)
        // Times are whole milliseconds.
        expect(late).toBeLessThanOrEqual(Math.min(300_000, Math.max(15_000, ends)) + 1)
      },
    ),
  )

  holds(
    'is as early as the schedule one lag, one wait and 5 s after the first end without an event',
    30,
    fc.property(
      fc.array(
        fc.record({
          starts: fc.integer({ min: 0, max: 10 * minutes }),
          takes: fc.integer({ min: 1_000, max: 20 * minutes }),
        }),
        { minLength: 5, maxLength: 30 },
      ),
      fc.integer({ min: 0, max: 10 * minutes }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (uploads, dies, draw) => {
        const seen: { readonly ends: number; readonly late: number; readonly age: number }[] = []
        let firstAt = Infinity
        marbles(({ at, clock, flush }) => {
          const alive$ = new BehaviorSubject(true)
          const statuses$ = new Subject<never>()
          const endOf = (upload: string): number => {
            const { starts = 0, takes = 0 } = uploads[Number(upload.slice(1))] ?? {}
            return starts + takes
          }
          const polled = (): void => {
            if (firstAt < Infinity) return
            firstAt = clock()
            // Like a webhook, after `lag`.
            at(firstAt + 15_000, () => {
              alive$.next(false)
            })
          }
          const watchOf$ = engine({
            clock,
            random: () => draw,
            deadline: Infinity,
            push: { statuses$, alive$, polled },
            request: ({ upload }) =>
              defer(() =>
                of(
                  right({
                    ...(clock() >= endOf(upload) ? completed : pending),
                    prefixed_id: upload,
                  }),
                ),
              ),
          })
          uploads.forEach(({ starts, takes }, nth) => {
            const one = { ...ref, upload: `u${String(nth)}` }
            const ends = starts + takes
            at(starts, () => {
              watchOf$(one).subscribe({
                complete: () => {
                  seen.push({ ends, late: clock() - ends, age: takes })
                },
              })
            })
            if (ends <= dies)
              at(ends, () => {
                const status = { ...completed, prefixed_id: one.upload }
                statuses$.next({ ...one, status } as never)
              })
          })
          flush()
        })
        expect(seen).toHaveLength(uploads.length)
        const recovered = firstAt + 15_000 + 30_000 + 5_000
        for (const { ends, late, age } of seen)
          if (ends <= dies) expect(late).toBe(0)
          else if (ends > recovered)
            expect(late).toBeLessThanOrEqual(Math.min(30_000, Math.max(1_000, 0.2 * age)) + 1)
      },
    ),
  )
})

describe('a wait that the server requested', () => {
  const waiting = { ...unstarted, isAlive: true, dueAt: 60_000, scheduledAt: 1_000 }

  test('is kept when pushes become unreliable', () => {
    const { watch } = pushesUnreliable(() => 0)({ ...waiting, notBefore: 30_000 }, 2_000)
    expect(watch).toMatchObject({ isAlive: false, dueAt: 30_000 })
  })

  test('delays a poll that `poll$` requests', () => {
    const { watch } = pollRequested({ ...waiting, notBefore: 30_000 }, 2_000)
    expect(watch.dueAt).toBe(30_000)
  })
})
