import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { invalidRequest, rejected } from '../../../src'
import { jsonLine } from '../../../src/cli/display/jsonLines'
import type { Update } from '../../../src/cli/display/updates'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const failedWith = (error: string): Update => ({
  kind: 'status',
  ...ref,
  status: E.right({ status: 'failed', prefixed_id: 'ofapi_media_1', error }),
})
const parsed = (update: Update): unknown => JSON.parse(jsonLine(update) ?? '')

describe('a line of JSON', () => {
  test('contains the whole status', () => {
    expect(parsed(failedWith('No.'))).toEqual({
      ...ref,
      status: { status: 'failed', prefixed_id: 'ofapi_media_1', error: 'No.' },
    })
  })

  test('contains the whole failure', () => {
    const failure = rejected(404, null, 'Upload not found.')
    expect(parsed({ kind: 'status', ...ref, status: E.left(failure) })).toEqual({
      ...ref,
      failure,
    })
  })

  test('identifies an invalid line of standard input by its number', () => {
    const failure = invalidRequest('upload', 'is bad')
    const invalid = { account: null, upload: null, line: 3, failure }
    expect(parsed({ kind: 'invalidLine', line: 3, failure })).toEqual(invalid)
  })

  test('is printed only for statuses and failures', () => {
    expect(jsonLine({ kind: 'started', ref })).toBeNull()
    expect(jsonLine({ kind: 'warning', message: 'late' })).toBeNull()
    const event = { ...ref, at: 0, _tag: 'Paused' } as const
    expect(jsonLine({ kind: 'event', event })).toBeNull()
  })

  test('keeps every character, but escapes control characters', () => {
    const error = 'a\u001B[31m\n\u007F\u009B\u202E\u2028\u{E0041}\u200B漢'
    const line = jsonLine(failedWith(error)) ?? ''
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u)
    expect(JSON.parse(line)).toMatchObject({ status: { error } })
  })
})
