import { describe, expect, jest, test } from '@jest/globals'
import {
  concat,
  defer,
  EMPTY,
  finalize,
  mergeMap,
  NEVER,
  Observable,
  of,
  startWith,
  take,
} from 'rxjs'
import { marbles } from '../marbles'
import { after } from '../../src/runtime/wait'
import { wholeBudget, send, recorded$ } from './budgets'

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
    const first = send(budget.admit(logged$('first')))
    const second = send(budget.admit(logged$('second')))
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
    send(outer$, each => seen.push(each))
    expect(seen).toEqual(['inner', 'outer'])
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
      const first = send(budget.admit(first$))
      send(budget.admit(defer(() => of(order.push('started')))))
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
    send(
      new Observable(subscriber => {
        subscriber.complete()
        budget.admit(request$).subscribe(subscriber)
      }),
    )
    expect(budget.load().queue).toBe(0)
    send(budget.admit(of('next')), each => made.push(each))
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
    send(budget.admit(endless$).pipe(take(1)), each => seen.push(each))
    expect([seen, isOpen]).toEqual([['first'], false])
    send(budget.admit(of('next')), each => seen.push(each))
    expect(seen).toEqual(['first', 'next'])
  })
})

describe('the clock of a budget', () => {
  test('may be coarse: no request starts early, and none waits forever', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const coarse = (): number => Math.floor(clock() / 250) * 250
      const budget = wholeBudget({ perMinute: 7, burst: 1, clock: coarse })
      for (let nth = 0; nth < 3; nth += 1) send(budget.admit(recorded$(starts, coarse)))
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
    const sending = Array.from({ length: 20 }, () => send(budget.admit(running$)))
    expect(started).toBe(5)
    for (const each of sending.reverse()) each.unsubscribe()
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
    const running = send(budget.admit(NEVER))
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
      for (let nth = 0; nth < 3; nth += 1) send(budget.admit(EMPTY))
      isMended = true
      expect(budget.load()).toMatchObject({ queue: 0, running: 0 })
      const started = jest.fn()
      send(budget.admit(of('an answer')), started)
      expect(started).toHaveBeenCalledTimes(1)
    }
  })
})
