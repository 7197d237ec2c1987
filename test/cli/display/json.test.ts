import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { invalidRequest, rejected } from '../../../src'
import { jsonLine } from '../../../src/cli/display/json'
import type { News } from '../../../src/cli/news'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const failedWith = (error: string): News => ({
  kind: 'learned',
  ...ref,
  status: E.right({ status: 'failed', prefixed_id: 'ofapi_media_1', error }),
})
const parsed = (news: News): unknown => JSON.parse(jsonLine(news) ?? '')

describe('a line of JSON', () => {
  test('holds a whole status', () => {
    expect(parsed(failedWith('No.'))).toEqual({
      ...ref,
      status: { status: 'failed', prefixed_id: 'ofapi_media_1', error: 'No.' },
    })
  })

  test('holds a whole failure', () => {
    const failure = rejected(404, null, 'Upload not found.')
    expect(parsed({ kind: 'learned', ...ref, status: E.left(failure) })).toEqual({
      ...ref,
      failure,
    })
  })

  test('names the line of input that named no upload', () => {
    const failure = invalidRequest('upload', 'is bad')
    const nameless = { account: null, upload: null, line: 3, failure }
    expect(parsed({ kind: 'unreadable', line: 3, failure })).toEqual(nameless)
  })

  test('is not made of what happens between the statuses', () => {
    expect(jsonLine({ kind: 'begun', ref })).toBeNull()
    expect(jsonLine({ kind: 'warning', message: 'late' })).toBeNull()
    const event = { ...ref, at: 0, _tag: 'Paused' } as const
    expect(jsonLine({ kind: 'happened', event })).toBeNull()
  })

  test('keeps every character, and none that a terminal would obey', () => {
    const error = 'a\u001B[31m\n\u007F\u009B\u202E\u2028\u{E0041}\u200B漢'
    const line = jsonLine(failedWith(error)) ?? ''
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u)
    expect(JSON.parse(line)).toMatchObject({ status: { error } })
  })
})
