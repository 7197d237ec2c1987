import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { statedQuota } from '../../src/budget/statedQuota'

const minute = 60_000
const of = (remaining: number, limit = 60, resetIn = minute) => ({ limit, remaining, resetIn })

describe('statedQuota', () => {
  test('sets no limit before the first answer', () => {
    expect(statedQuota().free(0, 0)).toBe(Infinity)
  })

  test('allows the remaining requests minus those started since the answer', () => {
    const quota = statedQuota()
    quota.learn(of(50), 10, 0, 0)
    expect([10, 12, 60].map(started => quota.free(started, 1))).toEqual([50, 48, 0])
  })

  test('subtracts the requests in flight, which the server may not have counted yet', () => {
    const quota = statedQuota()
    quota.learn(of(50), 10, 4, 0)
    expect(quota.free(10, 1)).toBe(46)
  })

  test('frees no slot until the window has certainly ended', () => {
    const quota = statedQuota()
    quota.learn(of(30), 1, 0, 0)
    quota.learn(of(2), 5, 0, 50_000)
    expect([50_000, minute - 1, minute].map(now => quota.free(5, now))).toEqual([2, 2, Infinity])
    expect([quota.endsAt(), quota.statedAt()]).toEqual([minute, 50_000])
  })

  test('expires at the reset time of the answer', () => {
    const quota = statedQuota()
    quota.learn(of(2, 60, 7_000), 1, 0, 0)
    expect(quota.endsAt()).toBe(7_000)
  })

  test('detects a new one-minute window when more is left than the old window allows', () => {
    const quota = statedQuota()
    quota.learn(of(30), 1, 0, 0)
    quota.learn(of(59), 2, 0, 20_000)
    expect([quota.free(2, 20_000), quota.endsAt()]).toEqual([59, 80_000])
    expect(quota.slides()).toBe(false)
  })

  test('keeps the smallest remaining count while answers may arrive out of order', () => {
    const quota = statedQuota()
    quota.learn(of(57), 3, 2, 0)
    quota.learn(of(59), 3, 1, 1)
    quota.learn(of(58), 3, 0, 2)
    expect(quota.free(3, 3)).toBe(55)
    quota.learn(of(56), 4, 0, 4)
    expect([quota.free(4, 5), quota.endsAt()]).toEqual([56, minute])
  })

  test('detects a sliding window when half is spent right after a reset, and a fixed window later', () => {
    const quota = statedQuota()
    quota.learn(of(20), 1, 0, 1_000)
    quota.learn(of(29), 2, 0, 30_999)
    expect([quota.slides(), quota.free(2, 30_999)]).toEqual([true, Infinity])
    quota.learn(of(30), 3, 0, 40_000)
    expect([quota.slides(), quota.free(3, 40_000)]).toEqual([false, 30])
  })

  test('assumes a fixed window that may have reset half a minute ago', () => {
    const quota = statedQuota()
    quota.learn(of(20), 1, 0, 1_000)
    quota.learn(of(29), 2, 0, 31_000)
    expect(quota.slides()).toBe(false)
  })

  test('detects no new window if the old one may have counted the request', () => {
    const quota = statedQuota()
    quota.learn(of(5), 1, 0, 0)
    quota.learn(of(4), 2, 0, minute + 100)
    expect(quota.free(2, minute + 100)).toBe(Infinity)
  })

  test.each([
    [29, 60_900, false],
    [29, 61_000, true],
    [30, 61_000, false],
    [29, 65_000, false],
  ])(
    'with %d left at %d ms, just after the window ends, detects a sliding window: %s',
    (remaining, at, slides) => {
      const quota = statedQuota()
      quota.learn(of(5), 1, 0, 0)
      quota.learn(of(remaining), 2, 0, at)
      expect(quota.slides()).toBe(slides)
    },
  )

  test('never exceeds a fixed window, in whatever order answers arrive', () => {
    const step = fc.record({
      wait: fc.nat(12_000),
      act: fc.constantFrom('start', 'start', 'count', 'answer', 'other'),
      which: fc.nat(20),
    })
    fc.assert(
      fc.property(fc.nat(minute), fc.array(step, { maxLength: 200 }), (phase, steps) => {
        const limit = 12
        const quota = statedQuota()
        const onTheWay: number[] = []
        const answers: { readonly remaining: number; readonly window: number }[] = []
        let now = 0
        let started = 0
        let used = 0
        let window = -1
        const serve = (): number => {
          const current = Math.floor((now + phase) / minute)
          if (current !== window) used = 0
          window = current
          used += 1
          return limit - used
        }
        for (const { wait, act, which } of steps) {
          // Answers arrive within a few seconds: none belongs to a window that ended long ago.
          now += onTheWay.length + answers.length === 0 ? wait : Math.min(wait, 50)
          const running = onTheWay.length + answers.length
          if (act === 'other' && limit - used > running) serve()
          if (act === 'start' && quota.free(started, now) >= 1 && running < 4) {
            // Nothing is known before the first answer of a window: send one request.
            if (quota.free(started, now) === Infinity && running > 0) continue
            started += 1
            onTheWay.push(started)
          }
          if (act === 'count' && onTheWay.length > 0) {
            onTheWay.shift()
            const remaining = serve()
            expect(remaining).toBeGreaterThanOrEqual(0)
            answers.push({ remaining, window })
          }
          if (act === 'answer' && answers.length > 0) {
            const [answer] = answers.splice(which % answers.length, 1)
            const rest = onTheWay.length + answers.length
            if (answer !== undefined && answer.remaining >= 0)
              quota.learn(of(answer.remaining, limit), started, rest, now)
          }
        }
        expect(quota.slides()).toBe(false)
      }),
    )
  })
})
