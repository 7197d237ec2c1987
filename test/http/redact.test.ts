import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { redactor } from '../../src/http/redact'

const key = 'sk_12|"x"\\Y/z=~1'

describe('a key of 16 characters or more', () => {
  test('is replaced everywhere, and nothing else is', () => {
    const secret = 'sk_0123456789abc'
    expect(secret).toHaveLength(16)
    expect(redactor(secret)(`a ${secret} and ${secret}${secret}, but sk_0123456789ab c`)).toBe(
      'a [key] and [key][key], but sk_0123456789ab c',
    )
  })

  test.each([
    ['in upper case', key.toUpperCase()],
    ['in lower case, as in a host name', key.toLowerCase()],
    ['in a URL', 'sk_12%7C%22x%22%5CY%2Fz%3D~1'],
    ['in a URL, with lower-case digits', 'sk_12%7c%22x%22%5cY%2fz%3d~1'],
    ['in a URL of a server that encodes more', 'sk_12%7C%22x%22%5CY%2Fz%3D%7E1'],
    ['in JSON within the text', 'sk_12|\\"x\\"\\\\Y/z=~1'],
    ['in JSON that escapes slashes', 'sk_12|\\"x\\"\\\\Y\\/z=~1'],
  ])('is recognized %s', (_, written) => {
    expect(redactor(key)(`before ${written} after`)).toBe('before [key] after')
  })

  test('is not interpreted as a pattern', () => {
    expect(redactor('$&.*($&.*($&.*($')('before $&.*($&.*($&.*($ after')).toBe('before [key] after')
  })

  test('never remains in the text', () => {
    const secret = fc.stringMatching(/^sk_[\w/-]{13,40}$/)
    fc.assert(
      fc.property(secret, fc.array(fc.string(), { minLength: 2 }), (api, parts) => {
        const redacted = redactor(api)(parts.join(api))
        expect(redacted.toLowerCase()).not.toContain(api.toLowerCase())
        expect(redacted.split('[key]').length).toBeGreaterThanOrEqual(parts.length)
      }),
    )
  })
})

describe('a shorter key', () => {
  test.each(['x', 'id', 'media', 'test', 'E', 'prefixed_id', 'sk_0123456789ab'])(
    'is not redacted: %s',
    short => {
      const text = `{"id":7,"media":"test","prefixed_id":"x"} ECONNREFUSED ${short}`
      expect(redactor(short)(text)).toBe(text)
    },
  )

  test('is never redacted, and neither is null', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), fc.string(), (short, text) => {
        expect(redactor(short)(`${text}${short}`)).toBe(`${text}${short}`)
        expect(redactor(null)(text)).toBe(text)
      }),
      { examples: [['null', 'null']] },
    )
  })
})

describe('a requested id', () => {
  const upload = 'ofapi_media_0123456789'

  test('is not redacted, even if it is the key', () => {
    expect(redactor(upload, ['acct_1', upload])(`no ${upload} of acct_1`)).toBe(
      `no ${upload} of acct_1`,
    )
  })

  test('is not redacted, even if it contains the key', () => {
    const secret = 'media_0123456789'
    const redact = redactor(secret, ['acct_1', upload])
    expect(redact(`no ${upload}: ${secret}, ${upload.toUpperCase()}`)).toBe(
      `no ${upload}: [key], ${upload.toUpperCase()}`,
    )
  })

  test('is not redacted next to another id that contains the key', () => {
    const secret = 'media_0123456789'
    const ids = [`acct_${secret}`, upload]
    expect(redactor(secret, ids)(`no ${upload} of acct_${secret}: ${secret}`)).toBe(
      `no ${upload} of acct_${secret}: [key]`,
    )
  })

  test('does not protect a key that begins or ends with it', () => {
    const secret = 'u1_0123456789abc_u1'
    expect(redactor(secret, ['u1', 'u1'])(`${secret} of u1`)).toBe('[key] of u1')
  })
})
