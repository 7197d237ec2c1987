import { describe, expect, test } from '@jest/globals'
import { longestTimer } from '../../src/runtime/clock'
import { within } from '../../src/failure/within'

describe('a number within its range', () => {
  test.each([0, 1, 2.5, longestTimer])('like %d passes, both ends included', value => {
    expect(() => {
      within('base', value, 0)
    }).not.toThrow()
  })

  test.each([-1, NaN, Infinity, longestTimer + 1])(
    'is not %p: it is refused by its name',
    value => {
      expect(() => {
        within('base', value, 0)
      }).toThrow(new RangeError(`base is out of range: ${String(value)}`))
    },
  )

  test.each(['5', null, undefined, Symbol('five'), Object.create(null)])(
    'is not %p: of what is no number only the type is told',
    value => {
      expect(() => {
        within('base', value, 0)
      }).toThrow(new RangeError(`base is out of range: ${typeof value}`))
    },
  )

  test('may have another end', () => {
    expect(() => {
      within('factor', Infinity, 1, Infinity)
    }).not.toThrow()
    expect(() => {
      within('fraction', 2, 0, 1)
    }).toThrow('fraction is out of range: 2')
  })
})
