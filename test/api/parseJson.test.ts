import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/Either'
import { malformed } from '../../src/failure/failure'
import { isRecord, parseJson } from '../../src/api/parseJson'
import { redactor } from '../../src/http/redact'

const asIs = (text: string): string => text

const parsed = (text: string, redact = asIs): unknown => {
  const result = parseJson(text, redact)
  if (!isRight(result)) throw new Error(`not parsed: ${result.left.reason}`)
  return result.right
}

/** All strings in a value: the names of members and the string values. */
const stringsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(stringsOf)
      : isRecord(value)
        ? Object.entries(value).flatMap(([name, member]) => [name, ...stringsOf(member)])
        : []

describe('parseJson', () => {
  test('returns every safe value unchanged', () => {
    const name = fc.string().filter(text => text !== '__proto__')
    const { json } = fc.letrec(tie => ({
      json: fc.oneof(
        { maxDepth: 10 },
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
        fc.array(tie('json')),
        fc.dictionary(name, tie('json')),
      ),
    }))
    fc.assert(
      fc.property(json, value => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parsed(text))).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  test('refuses a string that is not JSON, without quoting it', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        fc.pre(text.trim() !== '')
        const result = parseJson(text, asIs)
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if (!isJson) expect(result).toEqual(left(malformed('notJson')))
      }),
    )
  })

  test.each(['', ' ', '\r\n\t '])('reports %p as empty', text => {
    expect(parseJson(text, asIs)).toEqual(left(malformed('empty')))
  })

  test.each(['{"status":"pend', '{"a":1}{"b":2}', 'undefined', '{a:1}', "{'a':1}", '[1,]', 'NaN'])(
    'reports %p as notJson',
    text => {
      expect(parseJson(text, asIs)).toEqual(left(malformed('notJson')))
    },
  )

  test.each<[string, unknown]>([
    ['null', null],
    ['0', 0],
    ['""', ''],
    ['false', false],
    ['[]', []],
    ['{"a":1,"a":2}', { a: 2 }],
    ['1e999', Infinity],
  ])('reads %s as JSON.parse does', (text, value) => {
    expect(parseJson(text, asIs)).toEqual(right(value))
  })
})

describe('nesting', () => {
  const nested = (depth: number, open: string, close: string): string =>
    open.repeat(depth) + (open === '[' ? '' : '0') + close.repeat(depth)

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('of %s is limited to 64 levels', (_, open, close) => {
    expect(isRight(parseJson(nested(64, open, close), asIs))).toBe(true)
    expect(parseJson(nested(65, open, close), asIs)).toEqual(left(malformed('tooDeep')))
  })

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('of 100,000 %s is refused quickly, without a crash', (_, open, close) => {
    const text = nested(100_000, open, close)
    const start = performance.now()
    expect(parseJson(text, asIs)).toEqual(left(malformed('tooDeep')))
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('of removed members does not count', () => {
    const text = `{"__proto__":${nested(1_000, '[', ']')},"a":1}`
    expect(parsed(text)).toEqual({ a: 1 })
  })

  test('within the limit can be cloned and stringified', () => {
    const value = parsed(nested(64, '{"a":', '}'))
    expect(structuredClone(value)).toEqual(value)
    expect(JSON.parse(JSON.stringify(value))).toEqual(value)
  })
})

describe('__proto__', () => {
  test.each([
    '{"__proto__":{"status":"completed"},"a":1}',
    '{"\\u005f\\u005fproto__":{"status":"completed"},"a":1}',
    '{"a":1,"__proto__":null}',
    '{"a":1,"__proto__":"text"}',
  ])('is removed from %s', text => {
    const value = parsed(text)
    expect(value).toEqual({ a: 1 })
    expect(Object.keys(value as object)).toEqual(['a'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect((value as { status?: unknown }).status).toBeUndefined()
  })

  test('is removed at any depth', () => {
    const value = parsed('{"a":[{"__proto__":{"x":1},"b":{"__proto__":[]}}]}')
    expect(JSON.stringify(value)).toBe('{"a":[{"b":{}}]}')
  })

  test('pollutes no prototype, neither by the value nor by a copy', () => {
    const text = '{"constructor":{"prototype":{"polluted":1}},"__proto__":{"polluted":1}}'
    const value = parsed(text) as object
    const copy: object = Object.assign({}, value)
    expect('polluted' in {}).toBe(false)
    expect('polluted' in copy).toBe(false)
    expect(Object.keys(copy)).toEqual(['constructor'])
  })

  test('is removed from an object in an array', () => {
    expect(parsed('[{"__proto__":{"x":1}},2]')).toEqual([{}, 2])
  })
})

describe('an API key', () => {
  const key = 'sk/live_4242424242'
  const redact = redactor(key)

  test('is redacted in every string, at any depth', () => {
    const value = { error: `no such key: ${key}`, list: [{ deep: [`${key}${key}`] }], n: 1 }
    expect(parsed(JSON.stringify(value), redact)).toEqual({
      error: 'no such key: [key]',
      list: [{ deep: ['[key][key]'] }],
      n: 1,
    })
  })

  test('is redacted in a body that is a string', () => {
    expect(parsed(JSON.stringify(`key ${key}`), redact)).toBe('key [key]')
  })

  test('in the name of a member removes the member', () => {
    const value = { [key]: 1, [`x-${key}`]: { a: 1 }, kept: { [key]: 2 } }
    expect(parsed(JSON.stringify(value), redact)).toEqual({ kept: {} })
  })

  test.each([
    ['an escaped solidus', 'sk\\/live_4242424242'],
    ['an escaped letter', '\\u0073k/live_4242424242'],
    [
      'every letter escaped, in either case',
      '\\u0073\\u006B\\u002f\\u006Cive\\u005F\\u0034\\u003242424242',
    ],
  ])('is recognized with %s, in a value and in a name', (_, written) => {
    expect(parsed(`{"error":"${written}","${written}":1}`, redact)).toEqual({ error: '[key]' })
  })

  test('never remains, wherever it occurs and however it is escaped', () => {
    const secret = fc.stringMatching(/^sk_[\w/+=.-]{13,40}$/)
    const ways = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 })
    const plant = (value: unknown, mark: string, planted: string): unknown =>
      typeof value === 'string'
        ? value.replaceAll(mark, planted)
        : Array.isArray(value)
          ? value.map(each => plant(each, mark, planted))
          : isRecord(value)
            ? Object.fromEntries(
                Object.entries(value).map(([name, member]) => [
                  name.replaceAll(mark, planted),
                  plant(member, mark, planted),
                ]),
              )
            : value
    const written = (text: string, how: readonly number[]): string =>
      Array.from(text, (letter, at) => {
        const way = how[at % how.length]
        const code = letter.charCodeAt(0).toString(16).padStart(4, '0')
        return way === 0 ? letter : way === 1 || letter !== '/' ? `\\u${code}` : '\\/'
      }).join('')
    fc.assert(
      fc.property(secret, ways, fc.jsonValue(), (api, how, value) => {
        // Each `e` in the value stands for the key; `own` always contains it.
        const marked = JSON.stringify(plant({ any: value, own: 'e, ee' }, 'e', '\u0001'))
        const text = marked.replaceAll('\\u0001', written(api, how))
        const texts = stringsOf(parsed(text, redactor(api)))
        for (const each of texts) expect(each).not.toContain(api)
        expect(texts).toContain('[key], [key][key]')
      }),
    )
  })
})

describe('a lone surrogate', () => {
  test.each([
    ['"a\\ud83d b"', 'a\uFFFD b'],
    ['"a\uD83D b"', 'a\uFFFD b'],
    ['"\\ud83d\\ude00"', '\u{1F600}'],
    ['{"\\ude00":["\\ud83d"],"b":{"\\ud83d":1}}', { '\uFFFD': ['\uFFFD'], b: { '\uFFFD': 1 } }],
  ])('is replaced in %s', (text, value) => {
    expect(parsed(text)).toEqual(value)
  })
})

test('isRecord accepts every object, but not null', () => {
  expect([{}, [], new Date(0)].every(isRecord)).toBe(true)
  expect([null, undefined, 0, '', 'text', true].some(isRecord)).toBe(false)
})
