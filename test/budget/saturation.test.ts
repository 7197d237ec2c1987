import { describe, expect, test } from '@jest/globals'
import { saturation, type BudgetEvent } from '../../src/budget/saturation'
import { loadAtRest } from './loadAtRest'

/** The events of a budget whose load a test sets, and how often the load was read. */
const world = () => {
  const events: BudgetEvent[] = []
  const load = { ...loadAtRest }
  let reads = 0
  const read = (): typeof load => {
    reads += 1
    return { ...load }
  }
  const noticed = saturation(read, event => events.push(event))
  return {
    set: (queue: number, wait: number): void => {
      Object.assign(load, { queue, wait })
      noticed(queue)
    },
    load,
    tags: () => events.map(({ _tag }) => _tag),
    events,
    reads: () => reads,
  }
}

describe('saturation', () => {
  test('reports Saturated when a request has to wait longer than 10 s', () => {
    const { set, tags } = world()
    set(5, 9_999)
    set(5, 10_000)
    expect(tags()).toEqual([])
    set(5, 10_001)
    expect(tags()).toEqual(['Saturated'])
  })

  test('reports Saturated once, with the load', () => {
    const { set, events, load } = world()
    set(50, 20_000)
    expect(events).toEqual([{ _tag: 'Saturated', ...load }])
    set(60, 30_000)
    set(1, 0)
    expect(events).toHaveLength(1)
  })

  test('reports Relieved once when the queue is empty, and can then report Saturated again', () => {
    const { set, tags } = world()
    set(50, 20_000)
    set(0, 0)
    set(0, 0)
    set(50, 20_000)
    expect(tags()).toEqual(['Saturated', 'Relieved', 'Saturated'])
  })

  test('does not read the load while nothing is queued', () => {
    const { set, reads } = world()
    set(0, 0)
    expect(reads()).toBe(0)
    set(1, 0)
    expect(reads()).toBe(1)
  })

  test('works without a listener', () => {
    const load = { ...loadAtRest, queue: 9, wait: 20_000 }
    expect(() => {
      saturation(() => load, undefined)(9)
    }).not.toThrow()
  })
})
