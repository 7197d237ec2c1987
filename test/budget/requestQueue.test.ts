import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { requestQueue, type Waiting } from '../../src/budget/requestQueue'
import type { PolledUpload } from '../../src/budget/polledUpload'

interface Request extends Waiting {
  readonly name: number
}

const requestOf = (
  name: number,
  { addedAt = 0, overdue = 0, upload }: Partial<Pick<Waiting, 'addedAt' | 'overdue' | 'upload'>>,
): Request => ({
  name,
  rank: 0,
  order: 0,
  index: -1,
  addedAt,
  overdue,
  upload,
  priority: upload?.ref.priority ?? 0,
  takenBefore: 0,
})

const uploadOf = (hint: number, age = 0, priority?: number): PolledUpload => ({
  ref: { account: 'acct_1', upload: 'ofapi_media_1', hint, priority },
  age,
  knownAge: 0,
  attempt: 1,
})

describe('requestQueue', () => {
  test('takes the request that is worth most now, not when it was added', () => {
    // The worth of each grows at its own pace.
    const queue = requestQueue<Request>(({ ref }, age) => age * (ref.hint ?? 0))
    queue.add(requestOf(1, { upload: uploadOf(1, 50) }))
    queue.add(requestOf(2, { upload: uploadOf(3, 10) }))
    expect(queue.take(100)?.name).toBe(2)
    expect(queue.take(100)?.name).toBe(1)
    expect(queue.take(100)).toBeUndefined()
  })

  test('ranks a request without an upload by its overdue time', () => {
    const queue = requestQueue<Request>((_, age) => age)
    queue.add(requestOf(1, { upload: uploadOf(0, 20) }))
    queue.add(requestOf(2, { overdue: 30 }))
    queue.add(requestOf(3, { overdue: 10, addedAt: 5 }))
    expect([1, 2, 3].map(() => queue.take(10)?.name)).toEqual([2, 1, 3])
  })

  test('takes the highest priority first, then the greatest worth; the priority defaults to 0', () => {
    const queue = requestQueue<Request>((_, age) => age)
    queue.add(requestOf(1, { overdue: 900 }))
    queue.add(requestOf(2, { upload: uploadOf(0, 1, 0.5) }))
    queue.add(requestOf(3, { upload: uploadOf(0, 2, 0.5) }))
    queue.add(requestOf(4, { upload: uploadOf(0, 990, -1) }))
    queue.add(requestOf(5, { upload: uploadOf(0, 0, 7) }))
    queue.add(requestOf(6, { upload: uploadOf(0, 950) }))
    expect([1, 2, 3, 4, 5, 6].map(() => queue.take(0)?.name)).toEqual([5, 3, 2, 6, 1, 4])
  })

  test('adds the time since a request was added to its overdue time', () => {
    const queue = requestQueue<Request>((_, age) => age)
    queue.add(requestOf(1, { overdue: 10 }))
    queue.add(requestOf(2, { overdue: 30, addedAt: 50 }))
    expect([1, 2].map(() => queue.take(100)?.name)).toEqual([1, 2])
  })

  test('does not treat a new request as passed over, even after many others were taken', () => {
    const queue = requestQueue<Request>(({ ref }) => ref.hint ?? 0)
    for (let nth = 0; nth < 30; nth += 1) {
      queue.add(requestOf(nth, {}))
      queue.take(nth)
    }
    queue.add(requestOf(31, { upload: uploadOf(1) }))
    queue.add(requestOf(32, { upload: uploadOf(2) }))
    expect([1, 2].map(() => queue.take(30)?.name)).toEqual([32, 31])
  })

  test.each([
    ['a twentieth of the requests', 100, [1, 5, 9, 13, 17]],
    ['half of the requests, if taking them was fast', 0.1, [1, 34, 56, 71, 81]],
    ['half of the requests, or earlier if taking them was slow', 2, [1, 21, 37, 50, 61]],
  ])('updates its order after %s', (_, pace, expected) => {
    let ranked = 0
    const queue = requestQueue<Request>(() => {
      ranked += 1
      return 0
    })
    for (let nth = 0; nth < 100; nth += 1) queue.add(requestOf(nth, { upload: uploadOf(0) }))
    const updates = Array.from({ length: 100 }, (_, nth) => {
      ranked = 0
      queue.take(pace * (nth + 1))
      return ranked > 0 ? [nth + 1] : []
    }).flat()
    expect(updates.slice(0, 5)).toEqual(expected)
  })

  test('estimates no worth of a request that waits alone', () => {
    let estimates = 0
    const queue = requestQueue<Request>(() => {
      estimates += 1
      return 0
    })
    for (let nth = 0; nth < 3; nth += 1) {
      queue.add(requestOf(nth, { upload: uploadOf(0) }))
      queue.take(nth)
    }
    expect(estimates).toBe(0)
  })

  test('ranks a request that waited alone before another one is taken', () => {
    const queue = requestQueue<Request>(({ ref }) => ref.hint ?? 0)
    queue.add(requestOf(1, { upload: uploadOf(1) }))
    queue.add(requestOf(2, { upload: uploadOf(1) }))
    queue.take(0)
    queue.take(0)
    queue.add(requestOf(3, { upload: uploadOf(9) }))
    for (let nth = 4; nth < 10; nth += 1) queue.add(requestOf(nth, { upload: uploadOf(1) }))
    expect(queue.take(0)?.name).toBe(3)
  })

  test('does not update its order only because a request is added', () => {
    let estimates = 0
    const queue = requestQueue<Request>(() => {
      estimates += 1
      return 0
    })
    for (let nth = 0; nth < 100; nth += 1) queue.add(requestOf(nth, { upload: uploadOf(0) }))
    queue.take(0)
    estimates = 0
    queue.add(requestOf(100, { upload: uploadOf(0) }))
    queue.take(0)
    expect(estimates).toBe(1)
  })

  test('takes a request next after more than five per queued one were taken before it', () => {
    const queue = requestQueue<Request>(({ ref }) => ref.hint ?? 0)
    queue.add(requestOf(0, { upload: uploadOf(0) }))
    const taken = Array.from({ length: 12 }, (_, nth) => {
      queue.add(requestOf(nth + 1, { upload: uploadOf(1) }))
      return queue.take(1_000 * nth)?.name
    })
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0])
  })

  test('does not treat a request of infinite worth as passed over', () => {
    const queue = requestQueue<Request>(({ ref }) => ref.hint ?? 0)
    queue.add(requestOf(1, { upload: uploadOf(Infinity) }))
    queue.add(requestOf(2, { upload: uploadOf(0, 0, 1) }))
    expect(queue.take(0)?.name).toBe(2)
  })

  test('never starves a request: while n wait, at most 7 n others are taken before any of them', () => {
    fc.assert(
      fc.property(
        // Some are worth nothing, ever; others are added without end.
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 10 }),
        (size, worths, priorities) => {
          const queue = requestQueue<Request>(({ ref }) => ref.hint ?? 0)
          let added = 0
          const add = (worth: number): void => {
            const priority = priorities[added % priorities.length]
            queue.add(requestOf(added, { upload: uploadOf(worth, 0, priority) }))
            added += 1
          }
          for (let nth = 0; nth < size; nth += 1)
            add(nth % 3 === 0 ? 0 : (worths[nth % worths.length] ?? 0))
          const addedAt = new Map(Array.from({ length: size }, (_, name) => [name, 0]))
          let most = 0
          for (let taken = 0; taken < 20 * size; taken += 1) {
            const { name } = queue.take(taken) ?? { name: -1 }
            most = Math.max(most, taken - (addedAt.get(name) ?? -Infinity))
            addedAt.delete(name)
            addedAt.set(added, taken)
            add(worths[taken % worths.length] ?? 0)
          }
          expect(
            Math.max(most, ...[...addedAt.values()].map(at => 20 * size - at)),
          ).toBeLessThanOrEqual(7 * size)
        },
      ),
      { numRuns: 30 },
    )
  })
})
