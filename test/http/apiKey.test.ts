import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { invalidRequest } from '../../src/failure/failure'
import { askKey, checkedKey, type ApiKey } from '../../src/http/apiKey'

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)),
  minLength: 1,
})

describe('askKey', () => {
  test('accepts any visible ASCII, as a string or a promise', async () => {
    await fc.assert(
      fc.asyncProperty(visible, async key => {
        expect(await askKey(() => key)).toEqual(right(key))
        expect(await askKey(() => Promise.resolve(key))).toEqual(right(key))
      }),
    )
  })

  test('accepts null as no key', async () => {
    expect(await askKey(() => null)).toEqual(right(null))
    expect(await askKey(() => Promise.resolve(null))).toEqual(right(null))
  })

  test('reads the key again for each call', async () => {
    const apiKey = jest.fn<ApiKey>().mockReturnValueOnce('first').mockReturnValueOnce('second')
    expect([await askKey(apiKey), await askKey(apiKey)]).toEqual([right('first'), right('second')])
  })

  const missing = 'is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY'

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an empty string', ''],
  ])('reports %s as a missing key', async (_, key) => {
    expect(await askKey((() => key) as ApiKey)).toEqual(left(invalidRequest('apiKey', missing)))
  })

  test.each<[string, unknown]>([
    ['a line break at the end', 'sk_secret\n'],
    ['a line break and a header', 'sk_secret\r\nx-evil: 1'],
    ['a space', 'sk secret'],
    ['a NUL', 'sk\0secret'],
    ['a letter outside ASCII', 'sk_sécret'],
    ['DEL', 'sk_secret\x7f'],
    ['a number as its type', 42],
    ['an array as its type', ['sk_secret']],
  ])('refuses a key with %s, without showing it', async (_, key) => {
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
      'returns a thenable that throws',
      () => ({
        then: () => {
          throw new Error('vault sealed: sk_secret')
        },
      }),
    ],
  ])('reports a function that %s, without showing its error', async (_, apiKey) => {
    expect(await askKey(apiKey)).toEqual(
      left(invalidRequest('apiKey', 'could not be read: its function threw or rejected')),
    )
  })
})

describe('checkedKey', () => {
  test.each(['sk_secret', '', null])('for %p returns a function that returns it', key => {
    expect(checkedKey(key)()).toBe(key)
  })

  test('returns a function unchanged', () => {
    const apiKey = (): string => 'sk_secret'
    expect(checkedKey(apiKey)).toBe(apiKey)
  })

  test('refuses anything else', () => {
    expect(() => checkedKey(7 as never)).toThrow(
      new TypeError('apiKey must be a function () => key, a string, or null, not a number'),
    )
  })
})
