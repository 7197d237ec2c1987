import { describe, expect, test } from '@jest/globals'
import { steadyClock } from '../../src/runtime/steadyClock'

const clockOf = (readings: readonly unknown[]) => {
  const left = [...readings]
  const reported: unknown[] = []
  const untyped = (): never => {
    const next = left.shift()
    if (next instanceof Error) throw next
    return next as never
  }
  return { reported, clock: steadyClock(untyped, defect => reported.push(defect)) }
}

describe('steadyClock', () => {
  test('returns the values of the clock', () => {
    const { clock, reported } = clockOf([3, 4.5, 1e15])
    expect([clock(), clock(), clock()]).toEqual([3, 4.5, 1e15])
    expect(reported).toEqual([])
  })

  test('does not go back when the clock does, and continues from there', () => {
    const { clock, reported } = clockOf([100, 40, 45, 45, 200])
    expect([clock(), clock(), clock(), clock(), clock()]).toEqual([100, 100, 105, 105, 260])
    expect(reported).toEqual([])
  })

  test.each([
    ['1000', 'string'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [10n, 'bigint'],
    [undefined, 'undefined'],
    [new Date(0), 'object'],
  ])('reports a clock that returns %p, and does not advance', (reading, kind) => {
    const { clock, reported } = clockOf([7, reading, 8])
    expect([clock(), clock(), clock()]).toEqual([7, 7, 8])
    expect(reported).toEqual([
      new TypeError(`clock must return a finite number of milliseconds, not ${kind}`),
    ])
  })

  test('reports a clock that throws, with the exception as the cause', () => {
    const { clock, reported } = clockOf([7, new Error('no time')])
    expect([clock(), clock()]).toEqual([7, 7])
    expect(reported).toEqual([new TypeError('clock threw; it must return milliseconds')])
    expect(reported).toMatchObject([{ cause: new Error('no time') }])
  })
})
