import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { invalidRequest } from '../../src/model/failure'
import { askKey, redactor, type ApiKey } from '../../src/pipeline/apiKey'

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

  test('is asked for anew each time', async () => {
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
      left(invalidRequest('apiKey', 'could not be had: its function failed')),
    )
  })
})

describe('a redactor', () => {
  test('takes out every occurrence of the key, and nothing else', () => {
    expect(redactor('sk_1')('a sk_1 and sk_1sk_1, but sk_ 1 and sk-1')).toBe(
      'a [key] and [key][key], but sk_ 1 and sk-1',
    )
  })

  test.each([
    ['in capitals', 'SK_12|"X"\\Y'],
    ['in small letters, as in a host name', 'sk_12|"x"\\y'],
    ['in a URL', 'sk_12%7C%22x%22%5CY'],
    ['in a URL, with small digits', 'sk_12%7c%22x%22%5cY'],
    ['in JSON within the text', 'sk_12|\\"x\\"\\\\Y'],
  ])('knows the key %s', (_, written) => {
    expect(redactor('sk_12|"x"\\Y')(`before ${written} after`)).toBe('before [key] after')
  })

  test('takes a key for what it is, not for a pattern', () => {
    expect(redactor('$&.*(')('before $&.*( after')).toBe('before [key] after')
  })

  test('leaves everything where there is no key', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(redactor(null)(text)).toBe(text)
      }),
      { examples: [['null']] },
    )
  })

  test('leaves no key behind', () => {
    const key = fc.stringMatching(/^sk_[\w/-]{6,40}$/)
    fc.assert(
      fc.property(key, fc.array(fc.string(), { minLength: 2 }), (secret, parts) => {
        const redacted = redactor(secret)(parts.join(secret))
        expect(redacted.toLowerCase()).not.toContain(secret.toLowerCase())
        expect(redacted.split('[key]').length).toBeGreaterThanOrEqual(parts.length)
      }),
    )
  })
})
