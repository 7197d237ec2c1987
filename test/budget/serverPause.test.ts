import { describe, expect, test } from '@jest/globals'
import { serverPause } from '../../src/budget/serverPause'

const most = (): number => 1

describe('serverPause', () => {
  test('starts without a pause', () => {
    const pause = serverPause(most)
    expect(pause.until()).toBe(-Infinity)
    expect(pause.isRefused()).toBe(false)
  })

  test('lasts for the Retry-After of a refusal', () => {
    const pause = serverPause(most)
    pause.refused(700, 100)
    expect(pause.until()).toBe(800)
    expect(pause.isRefused()).toBe(true)
  })

  test('is not shortened by a later refusal with a shorter Retry-After', () => {
    const pause = serverPause(most)
    pause.refused(700, 100)
    pause.refused(100, 200)
    expect(pause.until()).toBe(800)
  })

  test('doubles its backoff with each refusal without a Retry-After, up to 61 s', () => {
    const pause = serverPause(most)
    const waits: number[] = []
    for (let now = 0; waits.length < 8; now = pause.until()) {
      pause.refused(null, now)
      waits.push(pause.until() - now)
    }
    expect(waits).toEqual([2_000, 3_000, 5_000, 9_000, 17_000, 33_000, 61_000, 61_000])
  })

  test('waits one second plus jitter after a refusal without a Retry-After', () => {
    const waits = [0, 0.25].map(part => {
      const pause = serverPause(() => part)
      pause.refused(null, 0)
      return pause.until()
    })
    expect(waits).toEqual([1_000, 1_250])
  })

  test('counts simultaneous refusals as one', () => {
    const pause = serverPause(most)
    for (const at of [0, 0, 1]) pause.refused(null, at)
    expect(pause.until()).toBe(2_001)
    pause.refused(null, 2_001)
    expect(pause.until()).toBe(2_001 + 3_000)
  })
})

describe('serverPause on an answer', () => {
  test('ends a refusal only after its pause', () => {
    const pause = serverPause(most)
    pause.refused(1_000, 0)
    expect(pause.answered(999)).toBe(false)
    expect(pause.isRefused()).toBe(true)
    expect(pause.answered(1_000)).toBe(true)
    expect(pause.isRefused()).toBe(false)
  })

  test('reports the end of a refusal once', () => {
    const pause = serverPause(most)
    pause.refused(1_000, 0)
    pause.answered(1_000)
    expect(pause.answered(1_001)).toBe(false)
  })

  test('starts the next refusal with the shortest wait', () => {
    const pause = serverPause(most)
    pause.refused(null, 0)
    pause.refused(null, 2_000)
    pause.answered(5_000)
    pause.refused(null, 5_000)
    expect(pause.until()).toBe(7_000)
  })
})
