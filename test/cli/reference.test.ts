import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { reason } from '../../src/cli/reason'
import { readReference } from '../../src/cli/reference'

const baseUrl = 'https://app.onlyfansapi.com'
const ref = { account: 'acct_1', upload: 'ofapi_media_1' }

describe('a reference', () => {
  test.each([
    `${baseUrl}/api/acct_1/media/uploads/ofapi_media_1/status`,
    'acct_1 ofapi_media_1',
    '  acct_1\tofapi_media_1  ',
  ])('is read from "%s"', line => {
    expect(readReference(line, baseUrl)).toEqual(E.right(ref))
  })

  test('is read under the base URL that is given', () => {
    const local = 'http://127.0.0.1:4010'
    const line = `${local}/api/acct_1/media/uploads/ofapi_media_1/status`
    expect(readReference(line, local)).toEqual(E.right(ref))
  })

  test.each([
    [
      'https://evil.example/api/acct_1/media/uploads/x/status',
      'polling URL is not under the base URL',
    ],
    ['acct_1', 'polling URL is not the status of an upload'],
    ['acct_1 ..', 'upload must be 1 to 128 letters, digits, "_" or "-"'],
    ['acct/1 x', 'account must be 1 to 128 letters, digits, "_" or "-"'],
    ['acct_1 one two', 'upload must be the last word of its line'],
  ])('is not read from "%s"', (line, why) => {
    expect(E.mapLeft(reason)(readReference(line, baseUrl))).toEqual(E.left(why))
  })
})
