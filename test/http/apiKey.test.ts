import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { invalidRequest } from '../../src/failure/failure'
import { askKey, checkedKey, type ApiKey } from '../../src/http/apiKey'

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)),
  minLength: 1,
})

describe('a key', () => {
  test('is any visible ASCII, given at once or promised', async () => {
    await fc.assert(
      fc.asyncProperty(visible, async key => {
        expect(await askKey(() => key)).toEqual(right(key))
        expect(await askKey(() => Promise.resolve(key))).toEqual(right(key))
      }),
    )
  })

  test('of null is none at all', async () => {
    expect(await askKey(() => null)).toEqual(right(null))
    expect(await askKey(() => Promise.resolve(null))).toEqual(right(null))
  })

  test('is read again each time', async () => {
    const apiKey = jest.fn<ApiKey>().mockReturnValueOnce('first').mockReturnValueOnce('second')
    expect([await askKey(apiKey), await askKey(apiKey)]).toEqual([right('first'), right('second')])
  })

  const missing = 'is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY'

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an empty text', ''],
  ])('that is %s is missing', async (_, key) => {
    expect(await askKey((() => key) as ApiKey)).toEqual(left(invalidRequest('apiKey', missing)))
  })

  test.each<[string, unknown]>([
    ['a line break at the end', 'sk_secret\n'],
    ['a line break and a header', 'sk_secret\r\nx-evil: 1'],
    ['a space', 'sk secret'],
    ['a NUL', 'sk\0secret'],
    ['a letter beyond ASCII', 'sk_sécret'],
    ['DEL', 'sk_secret\x7f'],
    ['no text', 42],
    ['a list', ['sk_secret']],
  ])('with %s is refused, and not shown', async (_, key) => {
    expect(await askKey((() => key) as ApiKey)).toEqual(
      left(invalidRequest('apiKey', 'must be visible ASCII without spaces')),
    )
  })

  test.each<[string, ApiKey]>([
    [
      'throws',
      () => {
        throw new Error('vault sealed: sk_secret')
      },
    ],
    ['rejects', () => Promise.reject(new Error('vault sealed: sk_secret'))],
    [
      'throws while it is awaited',
      () => ({
        then: () => {
          throw new Error('vault sealed: sk_secret')
        },
      }),
    ],
  ])('whose function %s could not be had; why is not shown', async (_, apiKey) => {
    expect(await askKey(apiKey)).toEqual(
      left(invalidRequest('apiKey', 'could not be read: its function threw or rejected')),
    )
  })
})

describe('the option apiKey', () => {
  test.each(['sk_secret', '', null])('of %p is a function that gives it', key => {
    expect(checkedKey(key)()).toBe(key)
  })

  test('of a function is that function', () => {
    const apiKey = (): string => 'sk_secret'
    expect(checkedKey(apiKey)).toBe(apiKey)
  })

  test('of anything else is refused', () => {
    expect(() => checkedKey(7 as never)).toThrow(
      new TypeError('apiKey must be a function () => key, a string, or null, not a number'),
    )
  })
})
