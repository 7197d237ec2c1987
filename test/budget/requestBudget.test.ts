import { afterEach, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import {
  concat,
  defer,
  EMPTY,
  finalize,
  map,
  merge,
  mergeMap,
  NEVER,
  noop,
  Observable,
  of,
  startWith,
  Subject,
  take,
  tap,
  throwError,
  timer,
  type Subscription,
} from 'rxjs'
import { timedOut, unreachable, type Failure } from '../../src/failure/failure'
import type { Answer } from '../../src/api/answer'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { requestBudget, type RequestBudget } from '../../src/budget/requestBudget'
import type { BudgetEvent } from '../../src/budget/saturation'
import type { Clock } from '../../src/runtime/clock'
import { answerOf } from '../api/answerOf'
import { loadAtRest } from './loadAtRest'
import { marbles } from '../marbles'
import { after } from '../../src/runtime/wait'

const minute = 60_000

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

/** A budget without headroom whose burst is the whole minute. */
const wholeBudget = (options: BudgetOptions): RequestBudget =>
  requestBudget({ burst: options.perMinute, headroom: 0, ...options })

/** A request to a budget, and its subscriber. */
interface Job {
  /** When the slot is requested, in milliseconds. */
  readonly at: number
  /** How long the request takes; 0 is synchronous, Infinity never ends. */
  readonly takes: number
  /** When its subscriber unsubscribes, in the queue or in flight; Infinity never does. */
  readonly leaves: number
  readonly fails: boolean
}

/** A request and its outcome. */
interface Run extends Job {
  readonly started: number
  readonly ended: number
}

const request$ = ({ takes, fails }: Job): Observable<unknown> => {
  const end$ = fails ? throwError(() => new Error('reset')) : EMPTY
  if (takes === Infinity) return NEVER
  return takes === 0 ? end$ : timer(takes).pipe(mergeMap(() => end$))
}

/** Subscribes and ignores an error. */
const ask = <A>(asked$: Observable<A>, next: (value: A) => void = noop): Subscription =>
  asked$.subscribe({ next, error: noop })

/** A request that is answered immediately; records when it starts. */
const noting$ = (starts: number[], clock: Clock): Observable<never> =>
  defer(() => {
    starts.push(clock())
    return EMPTY
  })

/** Runs all requests. Returns their outcomes in the order of subscription. */
const simulate = (
  options: BudgetOptions,
  jobs: readonly Job[],
): { readonly runs: readonly Run[]; readonly starts: readonly Run[]; readonly last: number } => {
  const inOrder = [...jobs].sort((a, b) => a.at - b.at)
  const runs = inOrder.map(job => ({ ...job, started: Infinity, ended: Infinity }))
  const starts: Run[] = []
  const last = marbles(({ at, clock }) => {
    const budget = wholeBudget({ ...options, clock })
    for (const run of runs) {
      const made$ = defer(() => {
        run.started = clock()
        starts.push(run)
        return request$(run).pipe(
          finalize(() => {
            run.ended = clock()
          }),
        )
      })
      at(run.at, () => {
        const asking = ask(budget.admit(made$))
        if (run.leaves === Infinity) return
        const leaving = at(run.leaves, () => {
          asking.unsubscribe()
        })
        asking.add(leaving)
      })
    }
  })
  return { runs, starts, last }
}

const budgets = fc.record({
  perMinute: fc.integer({ min: 1, max: 6 }),
  burst: fc.integer({ min: 1, max: 8 }),
  inFlight: fc.integer({ min: 1, max: 4 }),
})

const jobs = fc.array(
  fc
    .record({
      at: fc.nat(2 * minute),
      takes: fc.oneof(fc.constantFrom(0, Infinity), fc.nat(1_000), fc.nat(90_000)),
      stays: fc.oneof(fc.constant(Infinity), fc.nat(4 * minute)),
      fails: fc.boolean(),
    })
    .map(({ at, takes, stays, fails }): Job => {
      // A request that never ends is unsubscribed at some time.
      const leaves = at + (takes === Infinity && stays === Infinity ? minute : stays)
      return { at, takes, leaves, fails }
    }),
  { maxLength: 25 },
)

describe('a budget under any load', () => {
  test('admits no more than perMinute from the start of a request to a minute after its end', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const [at, { started }] of starts.entries()) {
          const counted = starts.slice(0, at + 1).filter(run => run.ended + minute > started)
          expect(counted.length).toBeLessThanOrEqual(options.perMinute)
        }
      }),
    )
  })

  test('stays within a limit that the server counts in any minute, at any moment of a request', () => {
    const moment = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(budgets, jobs, fc.array(moment, { minLength: 1 }), (options, asked, moments) => {
        const counted = simulate(options, asked)
          .starts.map(({ started, ended }, at) => {
            const part = moments[at % moments.length] ?? 0
            return ended === Infinity ? started : started + part * (ended - started)
          })
          .sort((a, b) => a - b)
        for (const from of counted) {
          const within = counted.filter(time => time >= from && time < from + minute)
          expect(within.length).toBeLessThanOrEqual(options.perMinute)
        }
      }),
    )
  })

  test('never has more than inFlight requests running at the same time', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const { started } of starts) {
          const running = starts.filter(run => run.started <= started && run.ended > started)
          expect(running.length).toBeLessThanOrEqual(options.inFlight)
        }
      }),
    )
  })

  test('spreads the requests beyond its burst evenly over the minute', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const [from, first] of starts.entries())
          for (const [at, { started }] of starts.slice(from).entries()) {
            const earned = ((started - first.started) * options.perMinute) / minute
            expect(at + 1).toBeLessThanOrEqual(options.burst + earned + 1e-6)
          }
      }),
    )
  })

  test('starts requests in the order of subscription', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { runs, starts } = simulate(options, asked)
        expect(starts).toEqual(runs.filter(run => run.started < Infinity))
      }),
    )
  })

  test('starts each request as soon as the limits allow, so that none starves', () => {
    fc.assert(
      fc.property(budgets, jobs, ({ perMinute, burst, inFlight }, asked) => {
        const { runs, starts } = simulate({ perMinute, burst, inFlight }, asked)
        const countedAt = (time: number): number =>
          starts.filter(run => run.started <= time && run.ended + minute > time).length
        const isQueuedAt = (time: number): boolean =>
          runs.some(run => run.at <= time && Math.min(run.started, run.leaves) > time)
        // Between these times nothing changes but the tokens earned.
        const changes = [
          ...new Set(
            runs.flatMap(run => [run.at, run.started, run.leaves, run.ended, run.ended + minute]),
          ),
        ].sort((a, b) => a - b)
        const most = Math.min(burst, perMinute)
        const savedAt = (time: number): number => {
          let [saved, at] = [most, 0]
          for (const next of [...changes.filter(change => change < time), time]) {
            const isIdle = !isQueuedAt(at) && countedAt(at) < perMinute
            const earned = ((next - at) * perMinute) / minute
            saved = Math.max(saved, Math.min(isIdle ? most : 1, saved + earned))
            saved -= starts.filter(run => run.started === next).length
            at = next
          }
          return saved
        }
        const isFree = (time: number): boolean => {
          const begun = starts.filter(run => run.started <= time)
          return (
            begun.filter(run => run.ended > time).length < inFlight &&
            begun.filter(run => run.ended + minute > time).length < perMinute &&
            savedAt(time) >= 1
          )
        }
        let head = 0
        for (const { at, started, leaves } of runs) {
          head = Math.max(head, at)
          const until = Math.min(started, leaves)
          // Waits are rounded up to whole milliseconds.
          if (until - 2 > head) expect(isFree(until - 2)).toBe(false)
          head = Math.max(head, until)
        }
        for (const { started, leaves } of runs)
          if (leaves === Infinity) expect(started).toBeLessThan(Infinity)
      }),
    )
  })

  test('leaves no timer after every request has ended or was unsubscribed', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { runs, last } = simulate(options, asked)
        const over = runs.map(run => Math.max(run.at, Math.min(run.ended, run.leaves)))
        expect(last).toBe(Math.max(0, ...over))
      }),
    )
  })
})

/** The starts in each second from the second minute on, under an endless supply of requests. */
const startsPerSecond = (options: BudgetOptions, takes: number, minutes: number) => {
  const seconds = Array<number>(minutes * 60).fill(0)
  const all: number[] = []
  marbles(({ clock }) => {
    const budget = requestBudget({ inFlight: 1_000, ...options, clock })
    const one$ = defer(() => {
      const now = clock()
      if (now < minutes * minute) {
        seconds[Math.floor(now / 1_000)] = (seconds[Math.floor(now / 1_000)] ?? 0) + 1
        all.push(now)
        ask(budget.admit(one$))
      }
      return timer(takes)
    })
    for (let nth = 0; nth < 2 * options.perMinute; nth += 1) ask(budget.admit(one$))
  })
  return { later: seconds.slice(60), all }
}

describe('a saturated budget', () => {
  test.each([
    [60, undefined, 0],
    [60, undefined, 250],
    [60, 60, 100],
    [60, 1, 100],
    [30, 20, 2_000],
    [600, undefined, 100],
    [1_000, 1_000, 50],
    [2_000, undefined, 100],
  ])(
    'with perMinute %p and burst %p starts requests evenly after the first minute (%p ms each)',
    (perMinute, burst, takes) => {
      const minutes = 5
      const options = { perMinute, ...(burst !== undefined && { burst }) }
      const { later, all } = startsPerSecond(options, takes, minutes)
      const even = perMinute / 60
      // At high rates a late timer may delay the starts of a tenth of a second.
      const most = Math.ceil(even + Math.max(1, even / 10))
      const [full = NaN] = later.filter(count => count > 0)
      expect(full).toBeLessThanOrEqual(most)
      // Nothing starts until the first minute has ended; then each second has its share.
      const turned = later.findIndex(count => count > 0)
      expect(turned).toBeLessThanOrEqual(Math.ceil(takes / 1_000))
      for (const count of later.slice(turned + 1)) {
        expect(count).toBeLessThanOrEqual(most)
        expect(count).toBeGreaterThanOrEqual(Math.floor(even * 0.9) - 1)
      }
      // As many as a plain loop with a limiter sends, less the time for which each counts.
      const sum = later.reduce((before, count) => before + count, 0)
      const possible = (perMinute * (minutes - 1) * minute) / (minute + takes)
      expect(sum).toBeGreaterThanOrEqual(Math.floor(possible) - even - 1)
      const spans = all.slice(perMinute).map((at, nth) => at - (all[nth] ?? NaN))
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(minute)
    },
  )

  test('also starts requests evenly if it learned its limit from the server', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute: 2 ** 31 - 1, headroom: 0, clock })
      for (let nth = 0; nth < 120; nth += 1)
        ask(
          budget.admit(
            defer(() => {
              starts.push(clock())
              return of(limits(30, 29))
            }),
          ),
          budget.learn,
        )
    })
    const waits = starts.slice(1).map((start, nth) => start - (starts[nth] ?? NaN))
    // A burst of a sixth of the limit, before it is known that more requests will follow.
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(Math.min(...waits.slice(6))).toBeGreaterThanOrEqual(2_000)
  })

  test('saves a burst again while the queue is empty and the window has room', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = requestBudget({ perMinute: 12, burst: 4, clock })
      for (let nth = 0; nth < 20; nth += 1) ask(budget.admit(noting$(starts, clock)))
      at(10 * minute, () => {
        for (let nth = 0; nth < 5; nth += 1) ask(budget.admit(noting$(starts, clock)))
      })
    })
    expect(starts.slice(20).map(start => start - 10 * minute)).toEqual([0, 0, 0, 0, 5_000])
  })

  test('saves no burst while the window is full, even if the queue is empty', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = requestBudget({ perMinute: 12, burst: 12, clock })
      for (let nth = 0; nth < 12; nth += 1) ask(budget.admit(noting$(starts, clock)))
      at(minute, () => {
        for (let nth = 0; nth < 3; nth += 1) ask(budget.admit(noting$(starts, clock)))
      })
    })
    expect(starts.slice(12)).toEqual([minute, minute + 5_000, minute + 10_000])
  })
})

describe('a subscriber that unsubscribes on the first value', () => {
  test('starts nothing after that value, and frees its slot exactly once', () => {
    const made: string[] = []
    const budget = wholeBudget({ perMinute: 60, inFlight: 1 })
    const request$ = defer(() => {
      made.push('the request')
      return NEVER
    })
    budget
      .admit(concat(of('starts'), request$))
      .pipe(take(1))
      .subscribe()
    expect(made).toEqual([])
    budget.admit(of('the next')).subscribe(value => made.push(value))
    expect(made).toEqual(['the next'])
  })

  test('stops the request before another one takes its slot', () => {
    marbles(({ clock }) => {
      const order: string[] = []
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const first$ = NEVER.pipe(finalize(() => order.push('stopped')))
      const first = ask(budget.admit(first$))
      ask(budget.admit(defer(() => of(order.push('started')))))
      first.unsubscribe()
      after(1, () => {
        expect(order).toEqual(['stopped', 'started'])
      })
    })
  })
})

describe('a closed subscriber', () => {
  test('sends no request and takes no slot', () => {
    const made: string[] = []
    const budget = wholeBudget({ perMinute: 60, inFlight: 1 })
    const request$ = defer(() => {
      made.push('of the closed one')
      return NEVER
    })
    ask(
      new Observable(subscriber => {
        subscriber.complete()
        budget.admit(request$).subscribe(subscriber)
      }),
    )
    expect(budget.load().queue).toBe(0)
    ask(budget.admit(of('next')), each => made.push(each))
    expect(made).toEqual(['next'])
  })

  test('stops a request that starts in the turn in which the subscriber closes', () => {
    let isOpen = false
    const budget = wholeBudget({ perMinute: 60, inFlight: 1 })
    const endless$ = defer(() => {
      isOpen = true
      return NEVER.pipe(
        startWith('first'),
        finalize(() => {
          isOpen = false
        }),
      )
    })
    const seen: string[] = []
    ask(budget.admit(endless$).pipe(take(1)), each => seen.push(each))
    expect([seen, isOpen]).toEqual([['first'], false])
    ask(budget.admit(of('next')), each => seen.push(each))
    expect(seen).toEqual(['first', 'next'])
  })
})

/** Queues that many requests at once. Returns when each started. */
const startsOf = (
  options: Omit<BudgetOptions, 'clock'>,
  many: number,
  takes = 0,
): readonly number[] =>
  simulate(
    options,
    Array.from({ length: many }, () => ({ at: 0, takes, leaves: Infinity, fails: false })),
  ).runs.map(run => run.started)

describe('the options of a budget', () => {
  test.each(
    ['perMinute', 'burst', 'inFlight'].flatMap(name =>
      [0, -1, 0.5, NaN, Infinity, 2 ** 31].map((value): [string, number] => [name, value]),
    ),
  )('reject %s: %p, with an error that names the option', (name, value) => {
    expect(() => requestBudget({ perMinute: 60, [name]: value })).toThrow(
      new RangeError(`${name} must be a whole number from 1 to 2147483647, not ${String(value)}`),
    )
  })

  test.each([
    [undefined, 'options must be an object such as { perMinute: 60 }, not undefined'],
    [60, 'options must be an object such as { perMinute: 60 }, not a number'],
    [{}, 'perMinute must be a whole number from 1 to 2147483647, not undefined'],
    [{ perMinute: '60' }, 'perMinute must be a whole number from 1 to 2147483647, not a string'],
    [{ perMinute: 60, burst: null }, 'burst must be a whole number from 1 to 2147483647, not null'],
    [
      { perMinute: 60, inflight: 1 },
      'options has no member named inflight; did you mean inFlight?',
    ],
    [
      { perMinute: 60, rate: 1 },
      'it may have perMinute, burst, inFlight, headroom, earliest, on, clock',
    ],
    [
      { perMinute: 60, headroom: '10%' },
      'headroom must be a number from 0, and below 1, not a string',
    ],
    [{ perMinute: 60, on: true }, 'on must be a function (event) => void, not a boolean'],
    [{ perMinute: 60, clock: 0 }, 'clock must be a function () => ms, not a number'],
    [{ perMinute: 60, random: 0.5 }, 'random must be a function () => a number from 0 up to 1'],
  ])('reject %p with an error that says what is allowed', (options, message) => {
    // As JavaScript may call it.
    const make = () => requestBudget(options as unknown as BudgetOptions)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  test.each([1, 2 ** 31 - 1])('accept %d for each limit', value => {
    expect(() => requestBudget({ perMinute: value, burst: value, inFlight: value })).not.toThrow()
  })

  test.each([
    [12, [0, 0, 5_000, 10_000]],
    [3, [0, 20_000, 40_000, minute]],
  ])('default to a burst of a sixth of perMinute, at least 1 (perMinute %d)', (perMinute, all) => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute, clock })
      for (let nth = 0; nth < all.length; nth += 1) ask(budget.admit(noting$(starts, clock)))
    })
    expect(starts).toEqual(all)
  })

  test('default to a burst of a sixtieth of perMinute with earliest, so that no gap follows it', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute: 120, earliest: 500, clock })
      for (let nth = 0; nth < 4; nth += 1) ask(budget.admit(noting$(starts, clock)))
    })
    expect(starts).toEqual([0, 0, 500, 1_000])
  })

  test.each([99, NaN, Infinity])('reject earliest: %p', earliest => {
    expect(() => requestBudget({ perMinute: 60, earliest })).toThrow(RangeError)
    expect(() => requestBudget({ perMinute: 60, earliest })).toThrow('earliest')
  })

  test.each([-0.1, 1, NaN])('reject headroom: %p', headroom => {
    expect(() => requestBudget({ perMinute: 60, headroom })).toThrow(
      new RangeError(`headroom must be a number from 0, and below 1, not ${String(headroom)}`),
    )
  })

  test('default to 32 requests in flight', () => {
    const starts = startsOf({ perMinute: 100 }, 33, 1_000)
    expect(starts.filter(started => started === 0)).toHaveLength(32)
    expect(starts.at(-1)).toBe(1_000)
  })

  test('space all requests evenly with a burst of 1', () => {
    expect(startsOf({ perMinute: 6, burst: 1 }, 8)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map(nth => nth * 10_000),
    )
  })

  test('default to performance.now as the clock', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(7)
    requestBudget({ perMinute: 60 })
    expect(now).toHaveBeenCalled()
  })
})

/** Timers of the same length fire in the order in which they were set. */
const nextTimer = (): Promise<void> =>
  new Promise(resolve => {
    after(0, resolve)
  })

describe('an admitted request', () => {
  test('passes on its values, completion and error unchanged', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      const ends$ = cold('  -a-b-|')
      const subs = '        ^----!'
      const fails$ = cold(' -a-#')
      const failsSubs = '   ^--!'
      expectObservable(budget.admit(ends$)).toBe('-a-b-|')
      expectSubscriptions(ends$.subscriptions).toBe(subs)
      expectObservable(budget.admit(fails$)).toBe('-a-#')
      expectSubscriptions(fails$.subscriptions).toBe(failsSubs)
    })
  })

  test('is subscribed to when a slot is free, and unsubscribed with its subscriber', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const first$ = cold('  -a-|')
      const firstSubs = '    ^--!'
      const second$ = cold('    --b--|')
      const secondSubs = '   ---^---!'
      const unsub = '        -------!'
      expectObservable(budget.admit(first$)).toBe('-a-|')
      expectObservable(budget.admit(second$), unsub).toBe('-----b--')
      expectSubscriptions(first$.subscriptions).toBe(firstSubs)
      expectSubscriptions(second$.subscriptions).toBe(secondSubs)
    })
  })

  test('is sent once for each subscriber', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const request$ = cold('-|')
      const admitted$ = budget.admit(request$)
      expectObservable(admitted$).toBe('-|')
      expectObservable(admitted$).toBe('--|')
      expectSubscriptions(request$.subscriptions).toBe(['^!', '-^!'])
    })
  })

  test('takes no slot if it is never subscribed to', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 1, clock })
      void budget.admit(NEVER)
      expectObservable(budget.admit(of('a'))).toBe('(a|)')
    })
  })

  test('frees its slot if its factory throws', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 2, inFlight: 1, clock })
      const bug = new Error('bug')
      const broken$ = defer((): Observable<never> => {
        throw bug
      })
      expectObservable(budget.admit(broken$)).toBe('#', undefined, bug)
      expectObservable(budget.admit(of('a'))).toBe('(a|)')
    })
  })

  test('is torn down before its slot is reused', async () => {
    const events: string[] = []
    const logged$ = (name: string): Observable<never> =>
      defer(() => {
        events.push(`${name} starts`)
        return NEVER.pipe(finalize(() => events.push(`${name} ends`)))
      })
    const budget = wholeBudget({ perMinute: 60, inFlight: 1 })
    const first = ask(budget.admit(logged$('first')))
    const second = ask(budget.admit(logged$('second')))
    first.unsubscribe()
    await nextTimer()
    second.unsubscribe()
    expect(events).toEqual(['first starts', 'first ends', 'second starts', 'second ends'])
  })

  test('may queue another request', () => {
    const seen: string[] = []
    const budget = wholeBudget({ perMinute: 60, inFlight: 2 })
    const inner$ = budget.admit(of('inner'))
    const outer$ = budget.admit(of('outer').pipe(mergeMap(outer => concat(inner$, of(outer)))))
    ask(outer$, each => seen.push(each))
    expect(seen).toEqual(['inner', 'outer'])
  })
})

describe('the queue of a budget', () => {
  test('removes a request on unsubscribe, and the next one moves up', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const first$ = cold('  ---|')
      const left$ = cold('      -|')
      const third$ = cold('     -|')
      expectObservable(budget.admit(first$)).toBe('---|')
      expectObservable(budget.admit(left$), '-!').toBe('-')
      expectObservable(budget.admit(third$)).toBe('----|')
      expectSubscriptions(left$.subscriptions).toBe([])
      expectSubscriptions(third$.subscriptions).toBe('---^!')
    })
  })

  test('starts no request a millisecond early, whenever others are added', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 1, clock })
      for (const time of [0, 1, minute - 1, 2 * minute - 1])
        at(time, () => {
          ask(budget.admit(noting$(starts, clock)))
        })
    })
    expect(starts).toEqual([0, minute, 2 * minute, 3 * minute])
  })

  test('starts none of the requests that are unsubscribed together', async () => {
    const budget = wholeBudget({ perMinute: 60, inFlight: 2 })
    const started: number[] = []
    const asked = Array.from({ length: 20 }, (_, nth) =>
      ask(budget.admit(NEVER.pipe(startWith(nth))), each => started.push(each)),
    )
    for (const each of asked.slice(0, 10)) each.unsubscribe()
    expect(started).toEqual([0, 1])
    await nextTimer()
    expect(started).toEqual([0, 1, 10, 11])
    for (const each of asked) each.unsubscribe()
    await nextTimer()
    expect(started).toEqual([0, 1, 10, 11])
  })

  test('leaves no timer after its last request is unsubscribed', () => {
    const last = marbles(({ clock, cold, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 1, clock })
      expectObservable(budget.admit(of('a'))).toBe('(a|)')
      expectObservable(budget.admit(of('b')), '10ms !').toBe('')
      expectObservable(budget.admit(of('c')), '20ms !').toBe('')
      expectObservable(cold('a')).toBe('a')
    })
    expect(last).toBe(20)
  })

  test('does not keep the process alive after its last request is unsubscribed', () => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
    const before = timers()
    const budget = wholeBudget({ perMinute: 1 })
    ask(budget.admit(of('a')))
    const waiting = ask(budget.admit(of('b')))
    expect(timers()).toBe(before + 1)
    waiting.unsubscribe()
    expect(timers()).toBe(before)
  })

  test('uses one timer, however many requests wait and however they end', () => {
    jest.useFakeTimers()
    const budget = wholeBudget({ perMinute: 1, clock: () => Date.now() })
    const waiting = Array.from({ length: 6 }, () => ask(budget.admit(of('a'))))
    expect(jest.getTimerCount()).toBe(1)
    jest.advanceTimersByTime(minute)
    expect(waiting.map(each => each.closed)).toEqual([true, true, false, false, false, false])
    expect(jest.getTimerCount()).toBe(1)
    waiting[2]?.unsubscribe()
    jest.advanceTimersByTime(minute)
    expect(waiting.map(each => each.closed)).toEqual([true, true, true, true, false, false])
    expect(jest.getTimerCount()).toBe(1)
  })

  test('handles a request that is unsubscribed while another one starts', () => {
    jest.useFakeTimers()
    const budget = wholeBudget({ perMinute: 60, inFlight: 1 })
    const held$ = new Subject<never>()
    ask(budget.admit(held$))
    const seen: string[] = []
    const leaves$ = defer(() => {
      left.unsubscribe()
      return of('second')
    })
    ask(budget.admit(leaves$), each => seen.push(each))
    const left = ask(budget.admit(of('left')), each => seen.push(each))
    ask(budget.admit(of('last')), each => seen.push(each))
    held$.complete()
    jest.advanceTimersByTime(1)
    expect(seen).toEqual(['second', 'last'])
  })

  test.each<[string, (held$?: Subject<never>) => void]>([
    ['completed', held$ => held$?.complete()],
    ['failed', held$ => held$?.error(new Error('reset'))],
  ])(
    'continues in the next turn, or immediately when half of the requests in flight have %s',
    (_, end) => {
      jest.useFakeTimers()
      const budget = wholeBudget({ perMinute: 60, inFlight: 4 })
      const held = Array.from({ length: 4 }, () => new Subject<never>())
      for (const each$ of held) ask(budget.admit(each$))
      const seen: number[] = []
      for (const nth of [1, 2, 3, 4])
        ask(budget.admit(NEVER.pipe(startWith(nth))), each => seen.push(each))
      end(held[0])
      expect([seen, jest.getTimerCount()]).toEqual([[], 1])
      jest.advanceTimersByTime(1)
      expect([seen, jest.getTimerCount()]).toEqual([[1], 0])
      end(held[1])
      expect(seen).toEqual([1])
      end(held[2])
      expect([seen, jest.getTimerCount()]).toEqual([[1, 2, 3], 0])
    },
  )

  test('sets one timer for all requests that end in one turn, and none if the queue is empty', () => {
    jest.useFakeTimers()
    const timers = jest.spyOn(globalThis, 'setInterval')
    const budget = wholeBudget({ perMinute: 60, inFlight: 8 })
    const held = Array.from({ length: 8 }, () => new Subject<never>())
    for (const each$ of held) ask(budget.admit(each$))
    held[0]?.complete()
    expect(timers).not.toHaveBeenCalled()
    for (const nth of [1, 2, 3, 4]) ask(budget.admit(NEVER.pipe(startWith(nth))))
    held[1]?.complete()
    held[2]?.complete()
    expect(timers).toHaveBeenCalledTimes(1)
  })

  test('serves ten thousand synchronous requests without a stack overflow', () => {
    jest.useFakeTimers()
    const budget = wholeBudget({ perMinute: 20_000, inFlight: 1 })
    const held$ = new Subject<never>()
    ask(budget.admit(held$))
    let served = 0
    let failed = 0
    for (let nth = 0; nth < 10_000; nth += 1)
      budget.admit(of(nth)).subscribe({
        complete: () => {
          served += 1
        },
        error: () => {
          failed += 1
        },
      })
    held$.complete()
    jest.advanceTimersByTime(1)
    expect([served, failed]).toEqual([10_000, 0])
  })
})

describe('the clock of a budget', () => {
  test('may be coarse: no request starts early, and none waits forever', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const coarse = (): number => Math.floor(clock() / 250) * 250
      const budget = wholeBudget({ perMinute: 7, burst: 1, clock: coarse })
      for (let nth = 0; nth < 3; nth += 1) ask(budget.admit(noting$(starts, coarse)))
    })
    // 60_000 / 7 = 8_571.4, and at most one step of the clock is lost.
    const [first = NaN, second = NaN, third = NaN] = starts
    expect(first).toBe(0)
    expect(second - first).toBe(8_750)
    expect(third).toBeGreaterThanOrEqual(17_143)
    expect(third).toBeLessThanOrEqual(17_750)
  })

  test('may jump ahead after sleep: at most one burst starts', () => {
    let now = 0
    const budget = wholeBudget({ perMinute: 60, burst: 5, inFlight: 100, clock: () => now })
    let started = 0
    const running$ = defer(() => {
      started += 1
      return NEVER
    })
    now = 3_600_000
    const asking = Array.from({ length: 20 }, () => ask(budget.admit(running$)))
    expect(started).toBe(5)
    for (const each of asking.reverse()) each.unsubscribe()
  })

  test('ends all queued requests with an error if it breaks, and no running request', () => {
    let now: unknown = 0
    const clock = (): number => now as number
    const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
    const seen: string[] = []
    const asked = ['running', 'waiting', 'late'].map(name => {
      if (name === 'late') now = NaN
      return budget.admit(NEVER).subscribe({
        error: (defect: unknown) => seen.push(`${name}: ${String(defect)}`),
      })
    })
    const broken = 'TypeError: clock must return a finite number of milliseconds, not NaN'
    expect(seen).toContain(`waiting: ${broken}`)
    expect(asked[0]?.closed).toBe(false)
    asked[0]?.unsubscribe()
    now = 1
    expect(budget.load().queue).toBe(0)
    asked[2]?.unsubscribe()
  })

  test('ends thousands of queued requests if it breaks', () => {
    let now = 0
    const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock: () => now })
    const running = ask(budget.admit(NEVER))
    const errors: unknown[] = []
    for (let nth = 0; nth < 5_000; nth += 1)
      budget.admit(NEVER).subscribe({ error: (defect: unknown) => errors.push(defect) })
    now = NaN
    expect(budget.load().queue).toBe(0)
    expect(new Set(errors.map(String))).toEqual(
      new Set(['TypeError: clock must return a finite number of milliseconds, not NaN']),
    )
    expect(errors).toHaveLength(5_000)
    now = 0
    running.unsubscribe()
  })

  test('may break at any of its readings: once it is valid again, requests start again', () => {
    for (let valid = 0; valid < 20; valid += 1) {
      let readings = 0
      let isMended = false
      const clock = (): number => ((readings += 1) > valid && !isMended ? NaN : 0)
      const budget = wholeBudget({ perMinute: 60, clock })
      for (let nth = 0; nth < 3; nth += 1) ask(budget.admit(EMPTY))
      isMended = true
      expect(budget.load()).toMatchObject({ queue: 0, running: 0 })
      const started = jest.fn()
      ask(budget.admit(of('an answer')), started)
      expect(started).toHaveBeenCalledTimes(1)
    }
  })
})

const limits = (limit: number | string, remaining: number | string, reset?: number | string) =>
  answerOf({
    headers: {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      ...(reset !== undefined && { 'ratelimit-reset': String(reset) }),
    },
  })

const slowDown = (asked?: string): Answer =>
  answerOf({
    status: 429,
    headers: asked === undefined ? {} : { 'retry-after': asked },
    receivedAt: Date.UTC(2026, 10, 22),
  })

/** A request that is answered immediately, with the answer that the budget receives. */
const answered$ = (budget: RequestBudget, answer: Answer): Observable<Answer> =>
  budget.admit(of(answer).pipe(tap(budget.learn)))

/**
 * Learns from the answers. Returns when each of the simultaneous requests starts.
 */
const startsAfter = (
  answers: readonly Answer[],
  options: Omit<BudgetOptions, 'clock'>,
  many = 1,
): readonly number[] => {
  const starts: number[] = []
  marbles(({ clock }) => {
    const budget = wholeBudget({ random: () => 0.5, ...options, clock })
    for (const answer of answers) budget.learn(answer)
    for (let nth = 0; nth < many; nth += 1) ask(budget.admit(noting$(starts, clock)))
  })
  return starts
}

describe('the budget on a 429', () => {
  test('pauses all requests for its Retry-After', () => {
    expect(startsAfter([slowDown('7')], { perMinute: 60 }, 3)).toEqual([7_000, 7_000, 7_000])
  })

  test('pauses requests that are already queued', () => {
    marbles(({ clock, cold, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const answer = slowDown('7')
      const first$ = cold('---(a|)', { a: answer }).pipe(tap(budget.learn))
      expectObservable(budget.admit(first$)).toBe('---(a|)', { a: answer })
      expectObservable(budget.admit(of('b'))).toBe('7003ms (b|)')
      expectObservable(budget.admit(of('c'))).toBe('7003ms (c|)')
    })
  })

  test('pauses requests that already wait for their timer', () => {
    marbles(({ clock, cold, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      const answer = slowDown('7')
      const first$ = cold('---(a|)', { a: answer }).pipe(tap(budget.learn))
      expectObservable(budget.admit(first$)).toBe('---(a|)', { a: answer })
      expectObservable(budget.admit(of('b'))).toBe('7003ms (b|)')
      expectObservable(budget.admit(of('c'))).toBe('8003ms (c|)')
    })
  })

  test('does not stop running requests', () => {
    marbles(({ at, clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      const running$ = cold('------a--|')
      expectObservable(budget.admit(running$)).toBe('------a--|')
      at(1, () => {
        budget.learn(slowDown('7'))
      })
      expectSubscriptions(running$.subscriptions).toBe('^--------!')
    })
  })

  test('does not shorten a pause by a shorter Retry-After', () => {
    expect(startsAfter([slowDown('7'), slowDown('2')], { perMinute: 60 })).toEqual([7_000])
    expect(startsAfter([slowDown('2'), slowDown('7')], { perMinute: 60 })).toEqual([7_000])
  })

  test('without a Retry-After backs off by 1 s plus jitter of up to 1, 2, 4, … s', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (let nth = 0; nth < 10; nth += 1)
        ask(budget.admit(merge(noting$(starts, clock), of(slowDown()))), budget.learn)
    })
    const waits = starts.slice(1).map((start, nth) => start - (starts[nth] ?? 0))
    expect(waits.slice(0, 4)).toEqual([1_500, 2_000, 3_000, 5_000])
    expect(waits.at(-1)).toBe(31_000)
  })

  test('backs off once for simultaneous refusals', () => {
    const refusals = Array<Answer>(20).fill(slowDown())
    expect(startsAfter(refusals, { perMinute: 60, random: () => 0.5 })).toEqual([1_500])
  })

  test('sends one request after the pause, and the others after its answer', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      const slow$ = timer(100).pipe(map(() => answerOf()))
      for (let nth = 0; nth < 4; nth += 1)
        ask(budget.admit(merge(noting$(starts, clock), slow$)), budget.learn)
      at(1, noop)
    })
    // At an even pace: the bucket is empty.
    expect(starts).toEqual([7_000, 8_100, 9_100, 10_100])
  })

  test('does not end the pause on an answer to a request that was already in flight', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      at(1, () => {
        budget.learn(answerOf())
      })
      const slow$ = timer(100).pipe(map(() => answerOf()))
      for (let nth = 0; nth < 3; nth += 1)
        ask(budget.admit(merge(noting$(starts, clock), slow$)), budget.learn)
    })
    expect(starts).toEqual([7_000, 8_100, 9_100])
  })

  test('sends requests one at a time after the pause until one is answered', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      for (let nth = 0; nth < 3; nth += 1)
        ask(budget.admit(merge(noting$(starts, clock), timer(100))))
    })
    expect(starts).toEqual([7_000, 7_100, 7_200])
  })

  test('without a Retry-After resets its backoff after another answer', () => {
    const answers = [slowDown(), slowDown(), slowDown(), answerOf()]
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (const [nth, answer] of answers.entries())
        at(nth * 10_000, () => {
          budget.learn(answer)
        })
      at(minute, () => {
        budget.learn(slowDown())
        ask(budget.admit(noting$(starts, clock)))
      })
    })
    expect(starts).toEqual([minute + 1_500])
  })

  test.each(['-5', '1.5', 'abc', '', '0', 'Sun, 06 Nov 1994 08:49:37 GMT'])(
    'with the Retry-After %p still pauses for at least a second',
    asked => {
      expect(startsAfter([slowDown(asked)], { perMinute: 60, random: () => 0 })).toEqual([1_000])
    },
  )

  test('draws its jitter from Math.random by default', () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0)
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown())
      expectObservable(budget.admit(of('a'))).toBe('1s (a|)')
    })
    expect(random).toHaveBeenCalledTimes(1)
  })

  test('waits in full for a Retry-After longer than any timer', () => {
    expect(startsAfter([slowDown('2592000')], { perMinute: 60 })).toEqual([2_592_000_000])
  })

  test('pauses for any Retry-After, at least one second, and then continues', () => {
    const asked = fc.oneof(fc.string(), fc.integer().map(String), fc.constant(undefined))
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 5 }), budgets, (all, options) => {
        const [start = NaN] = startsAfter(all.map(slowDown), options)
        const least = all.filter(each => /^\d+$/.test(each ?? '')).map(Number)
        expect(start).toBeGreaterThanOrEqual(Math.max(1, ...least) * 1_000)
        expect(start).toBeLessThan(Infinity)
      }),
    )
  })
})

describe('the limit in an answer', () => {
  test('is adopted if it is lower than perMinute', () => {
    const starts = startsAfter([limits(2, 2)], { perMinute: 60 }, 4)
    expect(starts).toEqual([0, 0, minute, 1.5 * minute])
  })

  test('sets the pace of requests', () => {
    const starts = startsAfter([limits(6, 6)], { perMinute: 60, burst: 1 }, 3)
    expect(starts).toEqual([0, 10_000, 20_000])
  })

  test('is ignored if it is higher than perMinute', () => {
    const starts = startsAfter([limits(5_000, 4_999)], { perMinute: 2 }, 4)
    expect(starts).toEqual([0, 0, minute, 1.5 * minute])
  })

  test('is raised again by a later answer, up to perMinute', () => {
    const starts = startsAfter([limits(1, 1), limits(5_000, 4_999)], { perMinute: 2 }, 3)
    expect(starts).toEqual([0, minute / 2, minute])
  })

  test('does not stop running requests if it is lower, and lets queued ones wait', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (const ends of [1_000, 2_000, 3_000]) ask(budget.admit(timer(ends)))
      budget.learn(limits(2, 1))
      at(500, () => {
        ask(budget.admit(noting$(starts, clock)))
      })
    })
    // Those that ended at 1 s and 2 s count for a minute more.
    expect(starts).toEqual([62_000])
  })

  test('may be very large', () => {
    const million = 1_000_000
    const starts = startsAfter([limits(million, 1)], { perMinute: million, inFlight: 3 }, 3)
    expect(starts).toEqual([0, minute, minute])
  })

  test('includes the requests of other clients', () => {
    // Of 10 requests other clients sent 6, this budget 1; 3 are left until the window resets.
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      ask(answered$(budget, limits(10, 3, 20)))
      for (let nth = 0; nth < 11; nth += 1) ask(budget.admit(noting$(starts, clock)))
    })
    expect(starts.slice(0, 3)).toEqual([0, 0, 0])
    expect(starts.slice(3, 9)).toEqual([20, 20, 20, 20, 20, 20].map(seconds => seconds * 1_000))
    expect(starts.slice(9)).toEqual([minute, minute + 6_000])
  })

  test('includes the requests of other clients only until the window resets', () => {
    // Its own two requests count until 60 s and 61 s. Six of other clients, stated at 1 s, count until
    // 10 s. Two are left until then.
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      ask(answered$(budget, limits(10, 9)))
      at(1_000, () => {
        ask(answered$(budget, limits(10, 2, 9)))
      })
      at(2_000, () => {
        for (let nth = 0; nth < 10; nth += 1) ask(budget.admit(noting$(starts, clock)))
      })
    })
    const soon = Array<number>(6).fill(10_000)
    expect(starts).toEqual([2_000, 2_000, ...soon, minute, minute + 6_000])
  })

  test('counts no request of the budget twice', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 4, clock })
      // Each request takes one of the four, and the server counts the same.
      for (const left of [3, 2, 1, 0]) ask(answered$(budget, limits(4, left)))
      expectObservable(budget.admit(of('a'))).toBe('1m (a|)')
      expectObservable(budget.admit(of('b'))).toBe('75s (b|)')
    })
  })

  test.each([
    [-1, 5],
    [0, 0],
    [60, -1],
    [1, 2],
    ['NaN', 'NaN'],
    ['', ''],
    [1.5, 0],
  ])('is ignored if it is invalid, such as %p with %p left', (limit, remaining) => {
    expect(startsAfter([limits(limit, remaining)], { perMinute: 3 }, 4)).toEqual([0, 0, 0, minute])
  })

  test('is read from the body', () => {
    const body = right({ _meta: { _rate_limits: { limit_minute: 2, remaining_minute: 1 } } })
    const starts = startsAfter([answerOf({ body })], { perMinute: 60 }, 2)
    expect(starts).toEqual([0, minute])
  })

  test('is read from a 429', () => {
    const { header } = slowDown('70')
    const { header: limited } = limits(1, 0, 60)
    const answer = answerOf({ status: 429 })
    const both = { ...answer, header: (name: string) => header(name) ?? limited(name) }
    expect(startsAfter([both], { perMinute: 60 }, 2)).toEqual([70_000, 130_000])
  })
})

describe('the last permitted request of a window', () => {
  test('pauses the budget until the window resets', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      ask(answered$(budget, limits(60, 0, 20)))
      expectObservable(budget.admit(of('a'))).toBe('20s (a|)')
    })
  })

  test('pauses the budget for a minute if the answer names no reset time', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      ask(answered$(budget, limits(60, 0)))
      expectObservable(budget.admit(of('a'))).toBe('1m (a|)')
    })
  })

  test('pauses the budget even while slots of an earlier window become free', () => {
    // Five requests at 0 s expire at 60 s. The server began a new window at 45 s, of which other
    // clients took nine.
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      for (let nth = 0; nth < 5; nth += 1) ask(answered$(budget, limits(10, 9 - nth, 45)))
      at(55_000, () => {
        ask(answered$(budget, limits(10, 0, 50)))
      })
      at(56_000, () => {
        ask(budget.admit(noting$(starts, clock)))
      })
    })
    expect(starts).toEqual([105_000])
  })

  test('pauses the budget after any earlier requests', () => {
    const before = fc.array(fc.nat(minute), { maxLength: 10 })
    fc.assert(
      fc.property(before, fc.integer({ min: 1, max: 59 }), (times, reset) => {
        const starts: number[] = []
        const statedAt = minute + 1_000
        marbles(({ at, clock }) => {
          const budget = wholeBudget({ perMinute: 20, clock })
          for (const time of times)
            at(time, () => {
              ask(budget.admit(EMPTY))
            })
          at(statedAt, () => {
            ask(answered$(budget, limits(20, 0, reset)))
            ask(budget.admit(noting$(starts, clock)))
          })
        })
        expect(starts[0]).toBeGreaterThanOrEqual(statedAt + reset * 1_000)
      }),
    )
  })
})

describe('a stricter limit stated by the server', () => {
  /** Returns when the second of two requests starts that are queued at 299 s. */
  const secondStart = (repeatsAt: number): number => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (const time of [0, repeatsAt])
        at(time, () => {
          budget.learn(limits(1, 1))
        })
      at(299_000, () => {
        for (let nth = 0; nth < 2; nth += 1) ask(budget.admit(noting$(starts, clock)))
      })
    })
    return starts[1] ?? NaN
  }

  test('expires after 5 minutes without an answer that repeats it', () => {
    expect(secondStart(0)).toBe(300_000)
    expect(secondStart(10_000)).toBe(310_000)
    expect(secondStart(minute)).toBe(359_000)
  })

  test('also expires in the load', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(limits(10, 9))
      const rates: number[] = []
      for (const time of [5 * minute - 1, 5 * minute])
        at(time, () => rates.push(budget.load().rate))
      at(5 * minute, () => {
        expect(rates).toEqual([10, 60])
      })
    })
  })
})

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
      ask(budget.admit(attempt$), result => {
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
      const before = ask(budget.admit(NEVER))
      for (const upload of ['u1', 'u2']) budget.unanswered?.(refused, upload)
      for (const takes of [2_000, 0])
        ask(budget.admit(merge(noting$(starts, clock), timer(takes).pipe(mergeMap(() => EMPTY)))))
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
      ask(budget.admit(EMPTY))
      at(1_000, () => {
        budget.learn(answerOf())
      })
      at(7_000, () => {
        for (let nth = 0; nth < 200; nth += 1) ask(budget.admit(noting$(starts, clock)))
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
      const asking = ask(budget.admit(EMPTY))
      expect(budget.load()).toMatchObject({ queue: 1, wait: 1_250, rate: 60 })
      asking.unsubscribe()
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

describe('the headroom of a budget', () => {
  const startsWith = (options: BudgetOptions, answer: Answer, many: number): readonly number[] => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ burst: options.perMinute, ...options, clock })
      ask(answered$(budget, answer))
      for (let nth = 0; nth < many; nth += 1) ask(budget.admit(noting$(starts, clock)))
    })
    return starts
  }

  test('is a tenth of what the server allows', () => {
    // Of 20 the budget has 18; one is taken.
    const starts = startsWith({ perMinute: 60 }, limits(20, 19), 18)
    expect(starts.filter(start => start === 0)).toHaveLength(17)
    expect(starts.at(-1)).toBe(minute)
  })

  test('does not apply to the configured perMinute', () => {
    const starts = startsWith({ perMinute: 10 }, limits(5_000, 4_999), 10)
    expect(starts.filter(start => start === 0)).toHaveLength(9)
  })

  test('is also kept free of the requests that other clients leave', () => {
    // 5 of 20 are left, and 2 of them stay free.
    const starts = startsWith({ perMinute: 60 }, limits(20, 5, 30), 4)
    expect(starts).toEqual([0, 0, 0, 30_000])
  })

  test('leaves at least one request', () => {
    expect(startsWith({ perMinute: 60, headroom: 0.9 }, limits(5, 5), 1)).toEqual([minute])
  })
})

describe('the order of the queue', () => {
  test('is by overdue time, then by order of arrival', () => {
    const order: string[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      const arrive = (name: string, overdue?: number): void => {
        ask(
          budget.admit(
            defer(() => EMPTY.pipe(tap({ complete: () => order.push(name) }))),
            overdue,
          ),
        )
      }
      arrive('first')
      arrive('new')
      arrive('later', -100)
      arrive('new, too')
      arrive('overdue', 500)
      at(400, () => {
        arrive('overdue the longest', 1_000)
        arrive('overdue as long', 900)
      })
    })
    expect(order).toEqual([
      'first',
      'overdue the longest',
      'overdue',
      'overdue as long',
      'new',
      'new, too',
      'later',
    ])
  })
})

describe('the load of a budget', () => {
  test('includes the running requests and the pause after a 429', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 5, clock })
      const running = ask(budget.admit(NEVER))
      expect(budget.load()).toMatchObject({ running: 1, pausedFor: 0 })
      budget.learn(slowDown('9'))
      expect(budget.load().pausedFor).toBeGreaterThanOrEqual(9_000)
      running.unsubscribe()
      expect(budget.load()).toMatchObject({ queue: 0, wait: 0, running: 0 })
      at(minute, () => {
        expect(budget.load()).toMatchObject({ pausedFor: 0 })
      })
    })
  })

  test('includes the queue length, the wait and the rate', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      expect(budget.load()).toEqual(loadAtRest)
      for (let nth = 0; nth < 4; nth += 1) ask(budget.admit(EMPTY))
      expect(budget.load()).toMatchObject({ queue: 3, wait: 3_000, rate: 60, lateness: 1_500 })
      budget.learn(limits(30, 29))
      budget.learn(slowDown('9'))
      expect(budget.load()).toMatchObject({ queue: 3, wait: 15_000, rate: 30 })
      at(minute, () => {
        expect(budget.load()).toMatchObject({ queue: 0, wait: 0, rate: 30 })
      })
    })
  })

  test('includes growth if uploads are added faster than the rate, and counts no later poll', () => {
    marbles(({ at, clock }) => {
      const [first, later] = [1, 2].map(attempt => {
        const budget = wholeBudget({ perMinute: 60, clock })
        for (let nth = 0; nth < 100; nth += 1)
          at(600 * nth, () => {
            const ref = { account: 'acct_1', upload: `ofapi_media_${String(nth)}` }
            ask(budget.admit(EMPTY, 0, { ref, age: 0, knownAge: 0, attempt }))
          })
        return budget
      })
      at(minute, () => {
        expect(first?.load().growth).toBeGreaterThanOrEqual(35)
        expect(first?.load().growth).toBeLessThanOrEqual(45)
        expect(later?.load().growth).toBe(0)
      })
    })
  })

  test('includes the remaining pause in the wait of queued requests', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      at(10_000, () => {
        budget.learn(slowDown('9'))
        expect(budget.load()).toMatchObject({ queue: 0, wait: 0, rate: 60 })
        ask(budget.admit(EMPTY))
        expect(budget.load()).toMatchObject({ queue: 1, wait: 10_000, rate: 60 })
      })
    })
  })

  test('is reported when a request has to wait longer than 10 s, and when the queue is empty again', () => {
    const events: unknown[] = []
    marbles(({ at, clock }) => {
      const on = (event: BudgetEvent): void => {
        events.push([clock(), event])
        throw new Error('of the observer')
      }
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock, on })
      for (let nth = 0; nth < 13; nth += 1) ask(budget.admit(EMPTY))
      at(30_000, () => {
        ask(budget.admit(EMPTY))
      })
    })
    expect(events).toEqual([
      [0, { ...loadAtRest, _tag: 'Saturated', queue: 11, wait: 11_000, lateness: 5_500 }],
      [12_000, { ...loadAtRest, _tag: 'Relieved' }],
    ])
  })

  test('is reported as Relieved after the queued requests are unsubscribed', () => {
    const tags: string[] = []
    marbles(({ clock }) => {
      const on = ({ _tag }: BudgetEvent): number => tags.push(_tag)
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock, on })
      const all = Array.from({ length: 20 }, () => ask(budget.admit(EMPTY)))
      for (const each of all) each.unsubscribe()
    })
    expect(tags).toEqual(['Saturated', 'Relieved'])
  })
})
