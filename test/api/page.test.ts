import { expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { isPage, isPageText } from '../../src/api/page'
import { malformed, rejected, unavailable, type Failure } from '../../src/failure/failure'
import { answerOf } from './answerOf'

test.each(['<html>', '\r\n  <!doctype html>', 'error code: 1020', ' Error code: 520'])(
  '%j is a page',
  text => {
    expect(isPageText(text)).toBe(true)
  },
)

test.each(['', '{"error":"<b>no</b>"}', 'a <b>', 'an error code: 1020', 'error code: none', '404'])(
  '%j is not a page',
  text => {
    expect(isPageText(text)).toBe(false)
  },
)

test.each(['text/html', ' Text/HTML ; charset=utf-8', 'application/xhtml+xml'])(
  'a body that is not JSON is a page if its content type is %p',
  type => {
    const headers = { 'content-type': type }
    expect(isPage(answerOf({ headers, body: left(malformed('notJson')) }))).toBe(true)
  },
)

test.each<[string | undefined, Failure]>([
  [undefined, malformed('notJson')],
  ['image/svg; about=text/html', malformed('notJson')],
  ['text/html-like', malformed('notJson')],
  ['text/html', malformed('empty')],
  ['text/html', rejected(404)],
  [undefined, unavailable(503)],
])('an answer with the content type %p is not a page if its body is %j', (type, failure) => {
  const headers = { ...(type !== undefined && { 'content-type': type }) }
  expect(isPage(answerOf({ headers, body: left(failure) }))).toBe(false)
})

test('JSON is not a page, even if its content type is HTML', () => {
  const headers = { 'content-type': 'text/html' }
  expect(isPage(answerOf({ headers, body: right({ error: 'No.' }) }))).toBe(false)
})
