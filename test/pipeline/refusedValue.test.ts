import { expect, test } from '@jest/globals'
import { refusedValue } from '../../src/pipeline/refusedValue'

test.each([
  [-1, '-1'],
  [NaN, 'NaN'],
  ['sk_secret', 'string'],
  [['sk_secret'], 'object'],
  [Object.create(null), 'object'],
  [null, 'object'],
  [Symbol('sk_secret'), 'symbol'],
  [undefined, 'undefined'],
])('of %p is said: %s', (value, said) => {
  expect(refusedValue(value)).toBe(said)
})
