import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cut, shorten } from '../../../src/cli/display/text'

const id = 'ofapi_media_0123456789abcdef'

describe.each([
  ['cut', cut, 'ofapi_med…'],
  ['shorten', shorten, 'ofa…abcdef'],
])('%s', (_, fit, ten) => {
  test('leaves alone what fits', () => {
    expect(fit(id, id.length)).toBe(id)
    expect(fit(id, Infinity)).toBe(id)
  })

  test('marks what it leaves out', () => {
    expect(fit(id, 10)).toBe(ten)
  })

  test('has nothing to say in no room', () => {
    expect(fit(id, 0)).toBe('')
    expect(fit(id, -3)).toBe('')
  })

  test('never exceeds the width, and never breaks a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, width) => {
        const fitted = fit(text, width)
        expect(Array.from(fitted).length).toBeLessThanOrEqual(width)
        expect(fitted).not.toMatch(/\p{Cs}/u)
      }),
    )
  })
})
