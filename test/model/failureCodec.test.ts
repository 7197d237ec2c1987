import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import { Failure, timedOut } from 'rx-upload-status'
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
  const whole = timedOut('body', 10_000)
  for (const name of Object.keys(whole)) {
    expect(Failure.is({ ...whole, [name]: undefined })).toBe(false)
    expect(Failure.is({ ...whole, [name]: [] })).toBe(false)
  }
  expect(Failure.is({ ...whole, _tag: 'Tired' })).toBe(false)
})
