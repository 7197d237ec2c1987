import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import { Failure, malformed, timedOut } from 'rx-upload-status'
import { failureArbitrary } from './failureArbitrary'

test('every failure is read back from its JSON as it was', () => {
  fc.assert(
    fc.property(failureArbitrary, failure => {
      const json = JSON.stringify(failure)
      expect(JSON.stringify(Failure.decode(JSON.parse(json)))).toBe(JSON.stringify(right(failure)))
    }),
  )
})

test('what lacks a member, or has one of another type, is no failure', () => {
  fc.assert(
    fc.property(failureArbitrary, failure => {
      for (const name of Object.keys(failure)) {
        expect(Failure.is({ ...failure, [name]: undefined })).toBe(false)
        expect(Failure.is({ ...failure, [name]: {} })).toBe(false)
      }
    }),
  )
})

test('what has a tag that no failure has is none', () => {
  expect(Failure.is({ ...timedOut('body', 10_000), _tag: 'Tired' })).toBe(false)
})

test('what is malformed says where, and what was expected', () => {
  const whole = malformed('shape', [{ path: 'media.id', expected: 'a finite number' }])
  expect(Failure.is(whole)).toBe(true)
  for (const problem of [{}, { path: 'media.id' }, { expected: 'a finite number' }])
    expect(Failure.is({ ...whole, problems: [problem] })).toBe(false)
})
