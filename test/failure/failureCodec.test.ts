import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import { expired, Failure, malformed, timedOut, unavailable } from 'rx-upload-status'
import { failureArbitrary } from './failureArbitrary'

test('every failure is decoded from its JSON unchanged', () => {
  fc.assert(
    fc.property(failureArbitrary, failure => {
      const json = JSON.stringify(failure)
      expect(JSON.stringify(Failure.decode(JSON.parse(json)))).toBe(JSON.stringify(right(failure)))
    }),
  )
})

test('a missing member that version 0.1 did not write is decoded as its default', () => {
  const { page, ...page503 } = unavailable(503)
  expect(page).toBe(false)
  expect(Failure.decode(page503)).toEqual(right(unavailable(503)))
  const { lastFailure, ...old } = expired(1_000)
  expect(lastFailure).toBeNull()
  expect(Failure.decode(old)).toEqual(right(expired(1_000)))
  expect(Failure.decode({ ...old, lastFailure: page503 })).toEqual(
    right(expired(1_000, unavailable(503))),
  )
})

test('the last failure of an expired watch must be a failure of an attempt', () => {
  expect(Failure.is({ ...expired(1), lastFailure: expired(1) })).toBe(false)
  expect(Failure.is({ ...expired(1), lastFailure: { _tag: 'TimedOut' } })).toBe(false)
  expect(Failure.is(expired(1, timedOut('body', 10_000)))).toBe(true)
})

test('a value with a missing or mistyped member is not a failure', () => {
  fc.assert(
    fc.property(failureArbitrary, failure => {
      for (const name of Object.keys(failure)) {
        expect(Failure.is({ ...failure, [name]: undefined })).toBe(false)
        expect(Failure.is({ ...failure, [name]: {} })).toBe(false)
      }
    }),
  )
})

test('a value with an unknown tag is not a failure', () => {
  expect(Failure.is({ ...timedOut('body', 10_000), _tag: 'Tired' })).toBe(false)
})

test('a problem of a malformed answer must have a path and an expectation', () => {
  const whole = malformed('shape', [{ path: 'media.id', expected: 'a finite number' }])
  expect(Failure.is(whole)).toBe(true)
  for (const problem of [{}, { path: 'media.id' }, { expected: 'a finite number' }])
    expect(Failure.is({ ...whole, problems: [problem] })).toBe(false)
})
