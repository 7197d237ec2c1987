import { describe, expect, test } from '@jest/globals'
import { tokenBucket, type TokenBucket } from '../../src/budget/tokenBucket'

/** A token every 10 ms: the tokens of 100 ms, which are always kept, are ten. */
const rate = 0.1

const take = (bucket: TokenBucket, times: number): void => {
  for (let n = 0; n < times; n += 1) bucket.take()
}

/** How many may start at once. */
const available = (bucket: TokenBucket): number => {
  let starts = 0
  while (bucket.untilToken(rate) === 0) {
    bucket.take()
    starts += 1
  }
  return starts
}

describe('a token bucket', () => {
  test('starts full', () => {
    expect(available(tokenBucket(20, 0))).toBe(20)
  })

  test('says when the next token comes', () => {
    const bucket = tokenBucket(1, 0)
    expect(bucket.untilToken(rate)).toBe(0)
    bucket.take()
    expect(bucket.untilToken(rate)).toBe(10)
    bucket.refill(4, rate, 20, 0)
    expect(bucket.untilToken(rate)).toBeCloseTo(6)
  })

  test('saves a whole burst, and no more', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(150, rate, 20, 0)
    expect(available(bucket)).toBe(15)
    bucket.refill(1_000, rate, 20, 0)
    expect(available(bucket)).toBe(20)
  })

  test('saves no burst before `savesFrom`, only the tokens of 100 ms', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(1_000, rate, 20, Infinity)
    expect(available(bucket)).toBe(10)
  })

  test('saves a burst from `savesFrom` on', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(1_000, rate, 20, 950)
    expect(available(bucket)).toBe(15)
  })

  test('counts no time twice', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(50, rate, 20, 0)
    bucket.refill(100, rate, 20, 20)
    expect(available(bucket)).toBe(10)
  })

  test('keeps a token for the next start, however slow the rate', () => {
    const bucket = tokenBucket(1, 0)
    bucket.take()
    bucket.refill(10_000, 0.001, 1, Infinity)
    expect(bucket.untilToken(0.001)).toBe(0)
    bucket.take()
    expect(bucket.untilToken(0.001)).toBe(1_000)
  })

  test('drops what is above a stricter limit', () => {
    const bucket = tokenBucket(50, 0)
    bucket.refill(0, rate, 12, 0)
    expect(available(bucket)).toBe(12)
  })

  test('keeps what it has while it earns less than that', () => {
    const bucket = tokenBucket(20, 0)
    bucket.refill(1_000, rate, 20, Infinity)
    expect(available(bucket)).toBe(20)
  })

  test('drops all tokens, and the time before with them', () => {
    const bucket = tokenBucket(20, 0)
    bucket.empty(1_000)
    expect(bucket.untilToken(rate)).toBe(10)
    bucket.refill(1_020, rate, 20, 0)
    expect(available(bucket)).toBe(2)
  })
})
