import { describe, expect, test } from '@jest/globals'
import { teamLimit } from '../../src/budget/teamLimit'

describe('teamLimit', () => {
  test('is the configured limit until the server states a lower one', () => {
    const limit = teamLimit(60, 0)
    expect(limit.perMinute()).toBe(60)
    expect(limit.expiresAt()).toBe(Infinity)
    limit.learn(60, 0)
    expect(limit.expiresAt()).toBe(Infinity)
    limit.learn(59, 0)
    expect(limit.perMinute()).toBe(59)
  })

  test('never exceeds the configured limit', () => {
    const limit = teamLimit(60, 0)
    limit.learn(10, 0)
    limit.learn(1_000, 0)
    expect(limit.perMinute()).toBe(60)
    expect(limit.expiresAt()).toBe(Infinity)
  })

  test('leaves the headroom, rounded up, to other clients, and keeps at least one request', () => {
    const limit = teamLimit(60, 0.1)
    limit.learn(45, 0)
    expect(limit.perMinute()).toBe(40)
    limit.learn(1, 0)
    expect(limit.perMinute()).toBe(1)
  })

  test('forgets the stated limit 5 minutes after the server last stated it', () => {
    const limit = teamLimit(60, 0)
    limit.learn(10, 1_000)
    limit.learn(10, 2_000)
    expect(limit.expiresAt()).toBe(302_000)
    limit.forget(301_999)
    expect(limit.perMinute()).toBe(10)
    limit.forget(302_000)
    expect(limit.perMinute()).toBe(60)
    expect(limit.expiresAt()).toBe(Infinity)
  })
})
