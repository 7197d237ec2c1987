import { describe, expect, test } from '@jest/globals'
import { reasonOf } from '../../src/pipeline/aborted'

describe('the reason of an abort', () => {
  test.each<[string, unknown, string]>([
    ['a text is that text', 'page left', 'page left'],
    ['an error is its message', new Error('shutting down'), 'shutting down'],
    ['a record with a message is that message', { message: 'told' }, 'told'],
    ['a record without one is not known', { code: 7 }, 'aborted'],
    ['a message that is no text is not known', { message: 7 }, 'aborted'],
    ['null is not known', null, 'aborted'],
    ['a number is not known', 7, 'aborted'],
  ])('given as %s', (_, reason, expected) => {
    expect(reasonOf(AbortSignal.abort(reason))).toBe(expected)
  })

  test('that was given none is the sentence of the platform', () => {
    expect(reasonOf(AbortSignal.abort())).toMatch(/abort/)
  })

  test('without a signal is not known', () => {
    expect(reasonOf(undefined)).toBe('aborted')
  })
})
