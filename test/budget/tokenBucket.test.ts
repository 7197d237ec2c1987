import { describe, expect, test } from '@jest/globals'
import { tokenBucket, type TokenBucket } from '../../src/budget/tokenBucket'

/** A token every 10 ms: the tokens of 100 ms, which are always kept, are ten. */
const rate = 0.1

const take = (bucket: TokenBucket, times: number): void => {
  for (let n = 0; n < times; n += 1) bucket.take()
}

/** The number of requests that may start now. */
const available = (bucket: TokenBucket): number => {
  let starts = 0
  while (bucket.untilToken(rate) === 0) {
    bucket.take()
    starts += 1
  }
  return starts
}

describe('tokenBucket', () => {
  test('starts full', () => {
    expect(available(tokenBucket(20, 0))).toBe(20)
  })

  test('returns the time until the next token', () => {
    const bucket = tokenBucket(1, 0)
    expect(bucket.untilToken(rate)).toBe(0)
    bucket.take()
    expect(bucket.untilToken(rate)).toBe(10)
    bucket.refill(4, rate, 20, 0)
    expect(bucket.untilToken(rate)).toBeCloseTo(6)
  })

  test('saves at most one burst', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(150, rate, 20, 0)
    expect(available(bucket)).toBe(15)
    bucket.refill(1_000, rate, 20, 0)
    expect(available(bucket)).toBe(20)
  })

  test('saves only the tokens of 100 ms before `savesFrom`', () => {
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

  test('counts no time twice in successive refills', () => {
    const bucket = tokenBucket(20, 0)
    take(bucket, 20)
    bucket.refill(50, rate, 20, 0)
    bucket.refill(100, rate, 20, 20)
    expect(available(bucket)).toBe(10)
  })

  test('saves one token for the next request, however slow the rate', () => {
    const bucket = tokenBucket(1, 0)
    bucket.take()
    bucket.refill(10_000, 0.001, 1, Infinity)
    expect(bucket.untilToken(0.001)).toBe(0)
    bucket.take()
    expect(bucket.untilToken(0.001)).toBe(1_000)
  })

  test('drops the tokens above a stricter limit', () => {
    const bucket = tokenBucket(50, 0)
    bucket.refill(0, rate, 12, 0)
    expect(available(bucket)).toBe(12)
  })

  test('keeps its tokens while it may not save that many', () => {
    const bucket = tokenBucket(20, 0)
    bucket.refill(1_000, rate, 20, Infinity)
    expect(available(bucket)).toBe(20)
  })

  test('discards all tokens and the time earned so far when emptied', () => {
    const bucket = tokenBucket(20, 0)
    bucket.empty(1_000)
    expect(bucket.untilToken(rate)).toBe(10)
    bucket.refill(1_020, rate, 20, 0)
    expect(available(bucket)).toBe(2)
  })
})
