import { describe, expect, test } from '@jest/globals'
import { grouped, slopeOf, studentT } from './regression'

const pointsOf = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }))

describe('the slope', () => {
  test('of a straight line is exact', () => {
    const { slope, low, high } = slopeOf(pointsOf([1, 3, 5, 7, 9, 11, 13]))
    expect([slope, low, high]).toEqual([2, 2, 2])
  })

  // By hand: Sxx = 28, Sxy = 25, s² = (28 - 25² / 28) / 5, t = 2.5706.
  test('of scattered points has an interval as wide as their scatter', () => {
    const { slope, low, high } = slopeOf(pointsOf([2, 4, 3, 6, 5, 8, 7]))
    expect(slope).toBeCloseTo(0.8929, 4)
    expect(high - slope).toBeCloseTo(slope - low, 10)
    expect(low).toBeCloseTo(0.3751, 3)
  })

  test('of level noise has an interval that contains 0', () => {
    const { low, high } = slopeOf(pointsOf([5, 1, 4, 2, 5, 1, 4, 2, 5, 1, 4, 2]))
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(0)
  })

  test('of six points is unknown', () => {
    expect(slopeOf(pointsOf([1, 2, 3, 4, 5, 6]))).toEqual({
      slope: NaN,
      low: -Infinity,
      high: Infinity,
    })
  })
})

// From a published table.
test.each([
  [5, 2.5706],
  [10, 2.2281],
  [18, 2.1009],
  [30, 2.0423],
  [120, 1.9799],
  [1e9, 1.96],
])("the 97.5 %% quantile of Student's t with %d degrees of freedom is %d", (freedom, quantile) => {
  expect(Math.abs(studentT(freedom) - quantile)).toBeLessThan(0.001)
})

describe('groups of neighbours', () => {
  test('are as many as requested, each the mean of its members', () => {
    expect(grouped(pointsOf([1, 3, 5, 7, 10]), 2)).toEqual([
      { x: 0.5, y: 2 },
      { x: 3, y: 22 / 3 },
    ])
  })

  test('are the points themselves if there are fewer', () => {
    expect(grouped(pointsOf([1, 2]), 3)).toEqual(pointsOf([1, 2]))
  })
})
