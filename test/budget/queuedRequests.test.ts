import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { defer, EMPTY, NEVER, of, startWith, Subject, tap } from 'rxjs'
import { marbles } from '../marbles'
import { after } from '../../src/runtime/wait'
import { minute, wholeBudget, send, recorded$ } from './budgets'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

/** Timers of the same length fire in the order in which they were set. */
const nextTimer = (): Promise<void> =>
  new Promise(resolve => {
    after(0, resolve)
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
          send(budget.admit(recorded$(starts, clock)))
        })
    })
    expect(starts).toEqual([0, minute, 2 * minute, 3 * minute])
  })

  test('starts none of the requests that are unsubscribed together', async () => {
    const budget = wholeBudget({ perMinute: 60, inFlight: 2 })
    const started: number[] = []
    const asked = Array.from({ length: 20 }, (_, nth) =>
      send(budget.admit(NEVER.pipe(startWith(nth))), each => started.push(each)),
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
    send(budget.admit(of('a')))
    const waiting = send(budget.admit(of('b')))
    expect(timers()).toBe(before + 1)
    waiting.unsubscribe()
    expect(timers()).toBe(before)
  })

  test('uses one timer, however many requests wait and however they end', () => {
    jest.useFakeTimers()
    const budget = wholeBudget({ perMinute: 1, clock: () => Date.now() })
    const waiting = Array.from({ length: 6 }, () => send(budget.admit(of('a'))))
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
    send(budget.admit(held$))
    const seen: string[] = []
    const leaves$ = defer(() => {
      left.unsubscribe()
      return of('second')
    })
    send(budget.admit(leaves$), each => seen.push(each))
    const left = send(budget.admit(of('left')), each => seen.push(each))
    send(budget.admit(of('last')), each => seen.push(each))
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
      for (const each$ of held) send(budget.admit(each$))
      const seen: number[] = []
      for (const nth of [1, 2, 3, 4])
        send(budget.admit(NEVER.pipe(startWith(nth))), each => seen.push(each))
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
    for (const each$ of held) send(budget.admit(each$))
    held[0]?.complete()
    expect(timers).not.toHaveBeenCalled()
    for (const nth of [1, 2, 3, 4]) send(budget.admit(NEVER.pipe(startWith(nth))))
    held[1]?.complete()
    held[2]?.complete()
    expect(timers).toHaveBeenCalledTimes(1)
  })

  test('serves ten thousand synchronous requests without a stack overflow', () => {
    jest.useFakeTimers()
    const budget = wholeBudget({ perMinute: 20_000, inFlight: 1 })
    const held$ = new Subject<never>()
    send(budget.admit(held$))
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

describe('the order of the queue', () => {
  test('is by overdue time, then by order of arrival', () => {
    const order: string[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      const arrive = (name: string, overdue?: number): void => {
        send(
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
