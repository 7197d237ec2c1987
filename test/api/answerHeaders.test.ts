import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { classify } from '../../src/api/classify'
import { creditsOf, requestIdOf } from '../../src/api/answerHeaders'
import { describe as describeFailure } from '../../src/failure/match'
import { Failure, malformed, timedOut } from '../../src/failure/failure'
import { pending } from '../answers'
import { answerOf } from './answerOf'

const ray = '8d1f2c3b4a5e6f70-FRA'

describe('the request id', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['the id of the edge network', { 'cf-ray': ray }, ray],
    ['the id of the API if both are present', { 'cf-ray': ray, 'x-request-id': 'r-1' }, 'r-1'],
    ['undefined without a header', {}, undefined],
    [
      'undefined if no header is a valid id',
      { 'x-request-id': 'a b', 'cf-ray': '<script>' },
      undefined,
    ],
    [
      'the id of the edge network if that of the API is invalid',
      { 'x-request-id': 'a\nb', 'cf-ray': ray },
      ray,
    ],
    ['up to 128 characters long', { 'x-request-id': 'a'.repeat(128) }, 'a'.repeat(128)],
    ['undefined beyond 128 characters', { 'x-request-id': 'a'.repeat(129) }, undefined],
  ])('is %s', (_, headers, id) => {
    expect(requestIdOf(answerOf({ headers }))).toBe(id)
  })

  test.each([
    ['Rejected', answerOf({ status: 404, headers: { 'cf-ray': ray } })],
    ['Unavailable', answerOf({ status: 503, headers: { 'cf-ray': ray } })],
    ['Throttled', answerOf({ status: 429, headers: { 'cf-ray': ray } })],
    ['Malformed', answerOf({ body: E.left(malformed('empty')), headers: { 'cf-ray': ray } })],
    ['TimedOut', answerOf({ body: E.left(timedOut('body', 1)), headers: { 'cf-ray': ray } })],
  ])('is part of a %s failure, of its JSON and of its description', (tag, answer) => {
    const failure = classify('ofapi_media_1', answer)
    if (E.isRight(failure)) throw new Error('no failure')
    expect(failure.left).toMatchObject({ _tag: tag, requestId: ray })
    expect(describeFailure(failure.left)).toMatch(new RegExp(`, request ${ray}\\)$`))
    expect(Failure.decode(JSON.parse(JSON.stringify(failure.left)))).toEqual(E.right(failure.left))
  })

  test('is not part of a status', () => {
    const body = E.right(pending)
    expect(classify(pending.prefixed_id, answerOf({ body, headers: { 'cf-ray': ray } }))).toEqual(
      body,
    )
  })

  test('is optional in a failure and must be a string', () => {
    const failure = classify('ofapi_media_1', answerOf({ status: 404 }))
    expect(E.isLeft(failure) && 'requestId' in failure.left).toBe(false)
    expect(Failure.is({ ...malformed('empty'), requestId: 1 })).toBe(false)
  })
})

describe('creditsOf', () => {
  test.each<[Record<string, string>, object | null]>([
    [
      { 'x-ofapi-credits-used': '3', 'x-ofapi-credits-balance': '1,234.5' },
      { used: '3', balance: '1,234.5' },
    ],
    [{ 'x-ofapi-credits-balance': 'unlimited' }, { used: null, balance: 'unlimited' }],
    [{ 'x-ofapi-credits-used': '0' }, { used: '0', balance: null }],
    [{ 'x-ofapi-credits-used': 'a b' }, null],
    [{}, null],
  ])('reads %j as %j', (headers, credits) => {
    expect(creditsOf(answerOf({ headers }))).toEqual(credits)
  })
})

describe('an error answer', () => {
  test.each([
    { error: 'No.' },
    { message: 'No.' },
    { error: '', message: 'No.' },
    { error: null, message: 'No.' },
  ])('takes its message from %j', body => {
    expect(classify('u', answerOf({ status: 422, body: E.right(body) }))).toMatchObject({
      left: { _tag: 'Rejected', status: 422, message: 'No.' },
    })
  })

  test('describes a 402 as too few credits', () => {
    const failure = classify('u', answerOf({ status: 402, body: E.right({ message: 'Top up.' }) }))
    expect(E.isLeft(failure) && describeFailure(failure.left)).toContain(
      'rejected with HTTP 402 (too few credits): Top up.',
    )
  })
})
