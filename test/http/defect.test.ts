import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { defectOf } from '../../src/http/defect'

const key = 'key_0123456789abcdef'
const redact = (text: string): string => text.split(key).join('[key]')

const defect = (error: unknown, headers: Readonly<Record<string, string>> = {}): Error =>
  defectOf(error, headers, redact)

describe('defectOf', () => {
  test('returns a TypeError with the same message and stack', () => {
    const error = new TypeError('x is not a function')
    expect(defect(error)).toBeInstanceOf(TypeError)
    expect(defect(error)).toMatchObject({ message: error.message, stack: error.stack })
  })

  test('returns a ReferenceError for a ReferenceError', () => {
    expect(defect(new ReferenceError('x is not defined'))).toBeInstanceOf(ReferenceError)
  })

  test.each<[string, unknown, string]>([
    ['a string', 'x', 'undefined'],
    ['null', null, 'undefined'],
    ['an error of another realm', { name: 'TypeError', message: 'x' }, 'x'],
  ])('returns a new TypeError for %s', (_, thrown, message) => {
    expect(defect(thrown)).toMatchObject({ name: 'TypeError', message })
  })

  test('adds a stack to an error without one', () => {
    expect(defect({ message: 'x' }).stack).toMatch(/^TypeError: x\n +at /)
  })

  test('redacts the key and header values in the message, the stack and the causes', () => {
    const cause = new TypeError(`Bearer ${key} and session_1234`)
    const error = new TypeError(`Invalid value: ${key}, session_1234`, { cause })
    Object.assign(error, { request: { headers: { authorization: key } } })
    const text = inspect(defect(error, { cookie: 'session_1234' }), { depth: 10 })
    expect(text).toMatch('Invalid value: [key], [header]')
    expect(text).toMatch('Bearer [key] and [header]')
    expect(text).not.toMatch(/0123456789abcdef|session_1234/)
  })

  test('keeps a header value of fewer than 8 characters', () => {
    const { message } = defect(new TypeError('1234567 and 12345678'), {
      a: '1234567',
      b: '12345678',
    })
    expect(message).toBe('1234567 and [header]')
  })

  test('follows circular causes to a limited depth', () => {
    const error = new TypeError('outer')
    error.cause = new TypeError('inner', { cause: error })
    let depth = 0
    for (let each: unknown = defect(error); each instanceof Error; each = each.cause) depth += 1
    expect(depth).toBe(9)
  })
})
