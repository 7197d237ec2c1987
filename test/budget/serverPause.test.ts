import { describe, expect, test } from '@jest/globals'
import { serverPause } from '../../src/budget/serverPause'

const most = (): number => 1

describe('the pause that a server requests', () => {
  test('is none at first', () => {
    const pause = serverPause(most)
    expect(pause.until()).toBe(-Infinity)
    expect(pause.isRefused()).toBe(false)
  })

  test('gets longer, never shorter, and is by itself no refusal', () => {
    const pause = serverPause(most)
    pause.extend(500)
    pause.extend(400)
    expect(pause.until()).toBe(500)
    expect(pause.isRefused()).toBe(false)
    expect(pause.answered(600)).toBe(false)
  })

  test('lasts for the Retry-After of a refusal', () => {
    const pause = serverPause(most)
    pause.refused(700, 100)
    expect(pause.until()).toBe(800)
    expect(pause.isRefused()).toBe(true)
  })

  test('doubles with each refusal without a Retry-After, up to a minute and a second', () => {
    const pause = serverPause(most)
    const waits: number[] = []
    for (let now = 0; waits.length < 8; now = pause.until()) {
      pause.refused(null, now)
      waits.push(pause.until() - now)
    }
    expect(waits).toEqual([2_000, 3_000, 5_000, 9_000, 17_000, 33_000, 61_000, 61_000])
  })

  test('is a second at least, and the rest of it random', () => {
    const waits = [0, 0.25].map(part => {
      const pause = serverPause(() => part)
      pause.refused(null, 0)
      return pause.until()
    })
    expect(waits).toEqual([1_000, 1_250])
  })

  test('counts refusals of requests that were in flight together as one', () => {
    const pause = serverPause(most)
    for (const at of [0, 0, 1]) pause.refused(null, at)
    expect(pause.until()).toBe(2_001)
    pause.refused(null, 2_001)
    expect(pause.until()).toBe(2_001 + 3_000)
  })
})

describe('an answer', () => {
  test('ends a refusal once its time is over, and no sooner', () => {
    const pause = serverPause(most)
    pause.refused(1_000, 0)
    expect(pause.answered(999)).toBe(false)
    expect(pause.isRefused()).toBe(true)
    expect(pause.answered(1_000)).toBe(true)
    expect(pause.isRefused()).toBe(false)
  })

  test('ends it once', () => {
    const pause = serverPause(most)
    pause.refused(1_000, 0)
    pause.answered(1_000)
    expect(pause.answered(1_001)).toBe(false)
  })

  test('lets the next refusal begin with the shortest wait', () => {
    const pause = serverPause(most)
    pause.refused(null, 0)
    pause.refused(null, 2_000)
    pause.answered(5_000)
    pause.refused(null, 5_000)
    expect(pause.until()).toBe(7_000)
  })
})
