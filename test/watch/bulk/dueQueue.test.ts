import { afterEach, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { dueQueue, type Due, type DueQueue } from '../../../src/watch/bulk/dueQueue'
import { marbles } from '../../marbles'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

const entryOf = (onDue: () => void): Due => ({ rank: 0, order: 0, index: -1, onDue })

/** The events of a queue in virtual time, with their times. */
const played = (
  play: (queue: DueQueue, note: (name: string) => () => void) => void,
): readonly string[] => {
  const seen: string[] = []
  marbles(({ clock }) => {
    play(dueQueue(clock), name => () => {
      seen.push(`${name} ${String(clock())}`)
    })
  })
  return seen
}

describe('a due queue', () => {
  test('calls each entry once, at its time', () => {
    const seen = played((queue, note) => {
      queue.put(entryOf(note('b')), 20)
      queue.put(entryOf(note('a')), 10)
      queue.put(entryOf(note('c')), 20)
    })
    expect(seen).toEqual(['a 10', 'b 20', 'c 20'])
  })

  test('calls no entry in the turn of put, even if it is due', () => {
    const seen = played((queue, note) => {
      queue.put(entryOf(note('due')), -5)
      note('put')()
    })
    expect(seen).toEqual(['put 0', 'due 0'])
  })

  test.each([
    [10, 1, 2],
    [250, 2, 4],
    [1_000, 10, 10],
    [5_000, 10, 10],
  ])(
    'with %d entries waits %d to %d ms between turns, and calls none early',
    (many, least, most) => {
      const late: number[] = []
      const turns = new Set<number>()
      marbles(({ clock }) => {
        const queue = dueQueue(clock)
        for (let i = 0; i < many; i += 1) queue.put(entryOf(jest.fn()), 1_000)
        for (let due = 1; due <= 200; due += 1)
          queue.after(due, () => {
            late.push(clock() - due)
            turns.add(clock())
          })
      })
      expect(late).toHaveLength(200)
      expect(Math.min(...late)).toBe(0)
      expect(Math.max(...late)).toBeLessThan(most)
      const times = [...turns].sort((a, b) => a - b)
      const between = times.slice(1).map((time, at) => time - (times[at] ?? NaN))
      expect(Math.min(...between)).toBeGreaterThanOrEqual(least)
    },
  )

  test('sets one timer, for the earliest entry', () => {
    jest.useFakeTimers()
    const timers = jest.spyOn(globalThis, 'setInterval')
    const queue = dueQueue(() => performance.now())
    const again = entryOf(() => {
      for (const ms of [3, 2, 1]) queue.after(ms, jest.fn())
    })
    queue.put(again, performance.now() + 10)
    for (const ms of [20, 30]) queue.after(ms, jest.fn())
    expect(timers).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(10)
    expect(timers).toHaveBeenCalledTimes(2)
  })

  test('keeps its timer when the earliest entry is removed or put later', () => {
    jest.useFakeTimers()
    const timers = jest.spyOn(globalThis, 'setInterval')
    const queue = dueQueue(() => performance.now())
    const called = jest.fn()
    const first = queue.after(10, jest.fn())
    const moved = entryOf(called)
    queue.put(moved, performance.now() + 15)
    first.unsubscribe()
    queue.put(moved, performance.now() + 30)
    queue.after(40, jest.fn())
    expect(timers).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(29)
    expect(called).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    expect(called).toHaveBeenCalledTimes(1)
    expect(timers).toHaveBeenCalledTimes(3)
  })

  test('moves an entry that is put again', () => {
    const seen = played((queue, note) => {
      const entry = entryOf(note('a'))
      queue.put(entry, 10)
      queue.put(entry, 30)
      queue.put(entryOf(note('b')), 20)
    })
    expect(seen).toEqual(['b 20', 'a 30'])
  })

  test('never calls an entry that is due at Infinity or was removed', () => {
    const seen = played((queue, note) => {
      const [a, b] = [entryOf(note('a')), entryOf(note('b'))]
      queue.put(a, 10)
      queue.put(a, Infinity)
      queue.put(b, 10)
      queue.remove(b)
      queue.after(10, note('c')).unsubscribe()
      queue.after(Infinity, note('d'))
    })
    expect(seen).toEqual([])
  })

  test('calls an entry that is put during a call in a later turn', () => {
    jest.useFakeTimers()
    const queue = dueQueue(() => Date.now())
    let called = 0
    const again = (): void => {
      called += 1
      queue.put(entryOf(again), Date.now())
    }
    queue.put(entryOf(again), Date.now())
    for (const turn of [1, 2, 3]) {
      jest.advanceTimersToNextTimer()
      expect(called).toBe(turn)
    }
    jest.useRealTimers()
  })

  test('continues with the other entries if one throws', () => {
    const seen: string[] = []
    jest.useFakeTimers()
    const queue = dueQueue(() => Date.now())
    queue.after(10, () => {
      throw new Error('a bug')
    })
    queue.after(20, () => {
      seen.push('b')
    })
    expect(() => {
      jest.advanceTimersByTime(15)
    }).toThrow('a bug')
    jest.advanceTimersByTime(15)
    jest.useRealTimers()
    expect(seen).toEqual(['b'])
  })

  test('waits longer than the longest timer', () => {
    const seen = played((queue, note) => {
      queue.after(2 ** 33, note('late'))
    })
    expect(seen).toEqual([`late ${String(2 ** 33)}`])
  })

  test('has one timer for all entries, and none when it is empty', () => {
    jest.useFakeTimers()
    const queue = dueQueue(() => Date.now())
    const waits = Array.from({ length: 100 }, (_, nth) => queue.after(1_000 - nth, () => undefined))
    expect(jest.getTimerCount()).toBe(1)
    for (const wait of waits) wait.unsubscribe()
    expect(jest.getTimerCount()).toBe(0)
    const entry = entryOf(jest.fn())
    queue.put(entry, Date.now() + 10)
    queue.put(entry, Infinity)
    expect(jest.getTimerCount()).toBe(0)
    queue.after(5, () => undefined)
    jest.advanceTimersByTime(5)
    expect(jest.getTimerCount()).toBe(0)
    jest.useRealTimers()
  })

  test('yields to the event loop after more than 10 ms of work', () => {
    jest.useFakeTimers()
    let now = 0
    let called = 0
    const queue = dueQueue(() => now)
    for (let nth = 0; nth < 100; nth += 1)
      queue.after(0, () => {
        now += 5
        called += 1
      })
    jest.advanceTimersToNextTimer()
    expect(called).toBe(3)
    jest.runAllTimers()
    expect(called).toBe(100)
    jest.useRealTimers()
  })

  test('reports as slept over the times more than 5 s before a late timer', () => {
    jest.useFakeTimers()
    let now = 0
    const queue = dueQueue(() => now)
    queue.after(10, () => undefined)
    queue.after(20, () => undefined)
    now = 5_010
    jest.advanceTimersToNextTimer()
    expect(queue.sleptOver(9)).toBe(false)
    queue.after(10, () => undefined)
    now = 20_000
    jest.advanceTimersToNextTimer()
    expect([14_999, 15_000].map(queue.sleptOver)).toEqual([true, false])
    jest.useRealTimers()
  })

  const plan = fc.array(
    fc.record({
      at: fc.nat({ max: 50 }),
      wait: fc.nat({ max: 50 }),
      leaves: fc.option(fc.nat({ max: 100 })),
    }),
    { maxLength: 30 },
  )

  test('calls each entry that was not removed exactly when its wait is over', () => {
    fc.assert(
      fc.property(plan, all => {
        const seen: string[] = []
        marbles(({ at, clock }) => {
          const queue = dueQueue(clock)
          for (const [nth, each] of all.entries())
            at(each.at, () => {
              const wait = queue.after(each.wait, () => {
                seen.push(`${String(nth)} ${String(clock())}`)
              })
              if (each.leaves !== null)
                at(each.leaves, () => {
                  wait.unsubscribe()
                })
            })
        })
        const certain = all.flatMap(({ at, wait, leaves }, nth) =>
          leaves === null || leaves > at + wait ? [`${String(nth)} ${String(at + wait)}`] : [],
        )
        const possible = all.map(({ at, wait }, nth) => `${String(nth)} ${String(at + wait)}`)
        expect(seen).toEqual(expect.arrayContaining(certain))
        expect(possible).toEqual(expect.arrayContaining(seen))
        expect(new Set(seen).size).toBe(seen.length)
      }),
    )
  })
})
