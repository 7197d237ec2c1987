import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { parseReference } from '../../../src/cli/commands/references'
import { formatFailure } from '../../../src/cli/display/format'

const baseUrl = 'https://app.onlyfansapi.com'
const ref = { account: 'acct_1', upload: 'ofapi_media_1' }

describe('a reference', () => {
  test.each([
    `${baseUrl}/api/acct_1/media/uploads/ofapi_media_1/status`,
    'acct_1 ofapi_media_1',
    '  acct_1\tofapi_media_1  ',
    `"${baseUrl}/api/acct_1/media/uploads/ofapi_media_1/status"`,
    ` '${baseUrl}/api/acct_1/media/uploads/ofapi_media_1/status' `,
    '"acct_1 ofapi_media_1"',
  ])('is parsed from "%s"', line => {
    expect(parseReference(line, baseUrl)).toEqual(E.right(ref))
  })

  test('is parsed under another base URL', () => {
    const local = 'http://127.0.0.1:4010'
    const line = `${local}/api/acct_1/media/uploads/ofapi_media_1/status`
    expect(parseReference(line, local)).toEqual(E.right(ref))
    expect(parseReference(line.replace('http://', ''), local)).toEqual(E.right(ref))
  })

  test.each([
    [
      'https://evil.example/api/acct_1/media/uploads/x/status',
      'polling URL is not under the base URL https://app.onlyfansapi.com',
    ],
    ['https://evil.example/x', 'polling URL is not the status URL of an upload'],
    ...[
      'acct_1',
      'acct_1,one',
      '"',
      `"acct_1'`,
      'acct_1/one',
      'app.onlyfansapi.com/api/acct_1/x',
      `acct_1 ${baseUrl}/api/acct_1/media/uploads/one/status`,
      'acct_1 /api/acct_1/media/uploads/one/status',
    ].map(
      word =>
        [
          word,
          'upload must be ACCOUNT UPLOAD, or only a polling URL, which begins with https://',
        ] as const,
    ),
    ['acct_1 ..', 'upload must be 1 to 128 letters, digits, "_" or "-"'],
    ['acct/1 x', 'account must be 1 to 128 letters, digits, "_" or "-"'],
    ['acct_1 one two', 'upload must be followed by nothing but priority=N or a # comment'],
  ])('is not parsed from "%s"', (line, why) => {
    expect(E.mapLeft(formatFailure)(parseReference(line, baseUrl))).toEqual(E.left(why))
  })
})
