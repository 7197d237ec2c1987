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

describe('a clock that was handed in', () => {
  test('is read as it is', () => {
    const { clock, reported } = clockOf([3, 4.5, 1e15])
    expect([clock(), clock(), clock()]).toEqual([3, 4.5, 1e15])
    expect(reported).toEqual([])
  })

  test('that goes back stands still instead, and goes on from there', () => {
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
  ])('that gives %p is reported, and time stands still', (reading, kind) => {
    const { clock, reported } = clockOf([7, reading, 8])
    expect([clock(), clock(), clock()]).toEqual([7, 7, 8])
    expect(reported).toEqual([
      new TypeError(`clock must return a finite number of milliseconds, not ${kind}`),
    ])
  })

  test('that throws is reported, with what it threw', () => {
    const { clock, reported } = clockOf([7, new Error('no time')])
    expect([clock(), clock()]).toEqual([7, 7])
    expect(reported).toEqual([new TypeError('clock threw; it must return milliseconds')])
    expect(reported).toMatchObject([{ cause: new Error('no time') }])
  })
})
