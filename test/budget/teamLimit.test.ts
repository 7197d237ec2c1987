import { describe, expect, test } from '@jest/globals'
import { teamLimit } from '../../src/budget/teamLimit'

describe('the limit of a team', () => {
  test('is what was configured, until the server says less', () => {
    const limit = teamLimit(60, 0)
    expect(limit.perMinute()).toBe(60)
    expect(limit.expiresAt()).toBe(Infinity)
    limit.learn(60, 0)
    expect(limit.expiresAt()).toBe(Infinity)
    limit.learn(59, 0)
    expect(limit.perMinute()).toBe(59)
  })

  test('is never above what was configured', () => {
    const limit = teamLimit(60, 0)
    limit.learn(10, 0)
    limit.learn(1_000, 0)
    expect(limit.perMinute()).toBe(60)
    expect(limit.expiresAt()).toBe(Infinity)
  })

  test('leaves a part to the other calls of the team, rounded in their favour, and keeps one', () => {
    const limit = teamLimit(60, 0.1)
    limit.learn(45, 0)
    expect(limit.perMinute()).toBe(40)
    limit.learn(1, 0)
    expect(limit.perMinute()).toBe(1)
  })

  test('is forgotten 5 minutes after the server said it last, and no sooner', () => {
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
