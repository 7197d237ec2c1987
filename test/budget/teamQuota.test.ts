import { describe, expect, test } from '@jest/globals'
import { teamQuota, type OwnRequests } from '../../src/budget/teamQuota'

const minute = 60_000
const limit = 60

/** The requests of this budget; one of them gets its answer now. */
const own = (members: Partial<OwnRequests> = {}): OwnRequests => ({
  started: 1,
  running: 1,
  counted: 0,
  expiresAt: Infinity,
  ...members,
})

const ended = (members: Partial<OwnRequests> = {}): OwnRequests => own({ running: 0, ...members })

/** A quota after an answer at 0 that says how many are left; one of them is our own. */
const after = (remaining: number, headroom = 0.1) => {
  const quota = teamQuota(headroom)
  const answer = (remaining: number, own: OwnRequests, now: number): void => {
    quota.learn({ limit, remaining, resetIn: minute }, limit, own, now)
  }
  answer(remaining, own(), 0)
  return { ...quota, answer }
}

/** The most requests that may start now. */
const room = ({ roomAt }: ReturnType<typeof after>, now: number, of = ended()): number => {
  let most = 0
  while (roomAt({ ...of, started: of.started + most, counted: of.counted + most }, now) <= now)
    most += 1
  return most
}

describe('teamQuota', () => {
  test('sets no limit before the first answer, nor a minute after the last one', () => {
    const quota = teamQuota(0.1)
    expect([quota.roomAt(ended(), 0), quota.perMinute(ended(), 0)]).toEqual([-Infinity, Infinity])
    const spent = after(0)
    expect(spent.roomAt(ended(), minute - 1)).toBe(minute)
    expect(spent.roomAt(ended(), minute)).toBe(-Infinity)
    // However many requests we sent since: the old answer did not count them.
    expect(spent.roomAt(ended({ started: 61, counted: 60 }), minute)).toBe(-Infinity)
    expect(spent.perMinute(ended(), minute)).toBe(Infinity)
  })

  test('allows all remaining requests at the full rate while no other client sends requests', () => {
    const quota = after(59)
    expect([room(quota, 0), quota.perMinute(ended(), 0)]).toEqual([59, Infinity])
    expect(quota.roomAt(ended({ started: 60, counted: 59 }), 0)).toBe(minute)
  })

  test('reserves more slots for other clients the higher their rate and the older the answer', () => {
    // A mean of 1/60 and of 10/60 a second, a second after the answer: m + 5 √m + 4.
    expect(room(after(58), 0)).toBe(58 - 4)
    expect(room(after(49), 0)).toBe(49 - 6)
    // After 5 s they may have sent 1 on average, and 10 at most.
    expect(room(after(49, 0.2), 5_000)).toBe(49 - 10)
    const later = after(49, 0.2)
    later.answer(48, own({ started: 2, counted: 1 }), 20_000)
    expect(room(later, 25_000, ended({ started: 2, counted: 2 }))).toBe(48 - 10)
  })

  test('reserves at most twice the headroom, and nothing without headroom', () => {
    expect(room(after(20), 30_000)).toBe(20 - 12)
    expect(room(after(20, 0), 30_000)).toBe(20)
  })

  test('spreads the remaining requests evenly over the rest of the window', () => {
    // Others sent 10, and 49 of 60 are left.
    const quota = after(49)
    expect(quota.perMinute(ended(), 0)).toBe(39)
    // Half a minute later the rate is at most the whole limit less the requests of others.
    expect(quota.perMinute(ended(), 30_000)).toBe(50)
    // If little is left, it is at least a quarter of the limit.
    expect(quota.perMinute(ended({ started: 50 }), 30_000)).toBe(15)
    // In the last second of the window it is not higher.
    expect(quota.perMinute(ended({ started: 49 }), minute - 100)).toBe(50)
  })
})

describe('requests of other clients', () => {
  test('are those that the server counted and this budget did not start, until the window ends', () => {
    const quota = after(58)
    // 5 of our own run or have ended, and 10 of others.
    quota.answer(45, own({ started: 5, running: 2, counted: 3 }), 10_000)
    expect(quota.perMinute(ended({ started: 5 }), 10_000)).toBeCloseTo((44 * 60) / 50 - 10)
    expect(quota.perMinute(ended({ started: 5 }), minute - 1)).toBe(50)
  })

  test('are not counted twice', () => {
    const quota = after(49)
    quota.answer(48, own({ started: 2, counted: 1 }), 1)
    expect(quota.perMinute(ended({ started: 2 }), 1)).toBeCloseTo(38, 1)
  })

  test('are forgotten as soon as a sliding window has certainly dropped them', () => {
    const slid = (running: number, headroom = 0): number => {
      const quota = after(9, headroom)
      // Others sent 50, and 21 of those have expired.
      quota.answer(29, own({ started: 2, running, counted: 1 }), 20_000)
      return room(quota, 20_000, own({ started: 2, counted: 1 }))
    }
    // What is left of 60: less our 2, and 29 of others. Another one that runs may not be counted.
    expect([slid(1), slid(2)]).toEqual([29, 29])
    // It reserves slots for those, too.
    expect(slid(1, 0.2)).toBe(29 - 7)
  })

  test('still count for a minute after a fixed window has reset', () => {
    const quota = after(9, 0)
    quota.answer(59, own({ started: 2, counted: 1 }), 40_000)
    expect(room(quota, 40_000, ended({ started: 2, counted: 2 }))).toBe(8)
    expect(quota.roomAt(ended({ started: 11, counted: 11, expiresAt: 99_000 }), 40_000)).toBe(
      minute,
    )
    expect(quota.roomAt(ended({ started: 11, counted: 11, expiresAt: 50_000 }), 40_000)).toBe(
      50_000,
    )
  })
})

describe('a window shorter than a minute', () => {
  test('keeps the whole headroom until it ends, and does not change the rate', () => {
    const quota = teamQuota(0.1)
    quota.learn({ limit: 10, remaining: 5, resetIn: 1_000 }, 600, own(), 0)
    expect(quota.roomAt(ended({ started: 4 }), 0)).toBe(-Infinity)
    expect(quota.roomAt(ended({ started: 5 }), 0)).toBe(1_000)
    expect(quota.perMinute(ended({ started: 5 }), 0)).toBe(Infinity)
    expect(quota.roomAt(ended({ started: 5 }), 1_000)).toBe(-Infinity)
  })
})
