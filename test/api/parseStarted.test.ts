import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { vendorUrl } from '../../src/api/endpoint'
import { parseStarted } from '../../src/api/parseStarted'
import { malformed } from '../../src/failure/failure'

const polling_url = `${vendorUrl}/api/acct_1/media/uploads/ofapi_media_1/status`
const accepted = { status: 'pending', prefixed_id: 'ofapi_media_1', polling_url }
const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const snowflake = '712345678901234567'
const shape = (path: string, expected: string): object => malformed('shape', [{ path, expected }])

describe('parseStarted', () => {
  test.each<[string, number, unknown, object]>([
    ['a 202', 202, accepted, ref],
    ['a 202 without prefixed_id', 202, { polling_url }, ref],
    ['a 200 with a polling_url', 200, accepted, ref],
    [
      'a 202 of Fansly',
      202,
      { polling_url: `${vendorUrl}/api/fansly/fansly_acct_1/media/uploads/fansly_media_1/status` },
      { account: 'fansly_acct_1', upload: 'fansly_media_1' },
    ],
  ])('for %s returns the upload to watch', (_, status, body, expected) => {
    expect(parseStarted({ status, body })).toEqual(E.right({ _tag: 'Accepted', ref: expected }))
  })

  test.each<[string, unknown, object]>([
    ['a CDN media', { prefixed_id: 'ofapi_media_2' }, { prefixed_id: 'ofapi_media_2' }],
    ['a vault media as data', { data: { id: 1 } }, { id: 1 }],
    ['a completed upload', { status: 'completed', media: { id: '1' } }, { id: '1' }],
    ['a media of Fansly', { id: snowflake, type: 1 }, { id: snowflake, type: 1 }],
  ])('for a 200 with %s returns the finished media', (_, body, media) => {
    expect(parseStarted({ status: 200, body })).toEqual(E.right({ _tag: 'Finished', media }))
  })

  test.each<[string, number, unknown, object]>([
    ['a 402', 402, { message: 'Top up.' }, { _tag: 'Rejected', status: 402, message: 'Top up.' }],
    ['a 422', 422, { error: 'Bad type.' }, { _tag: 'Rejected', message: 'Bad type.' }],
    ['a 429', 429, {}, { _tag: 'Throttled' }],
    ['a 503', 503, null, { _tag: 'Unavailable' }],
    ['a 204', 204, null, { _tag: 'Malformed', reason: 'httpStatus' }],
    ['a 202 without a URL', 202, {}, { _tag: 'InvalidRequest', which: 'pollingUrl' }],
    [
      'a 202 whose body is not an object',
      202,
      'x',
      { _tag: 'InvalidRequest', which: 'pollingUrl' },
    ],
    [
      'a 202 with the URL of another upload',
      202,
      { ...accepted, prefixed_id: 'ofapi_media_2' },
      shape('prefixed_id', 'the upload of the polling_url'),
    ],
    [
      'a 202 with a URL elsewhere',
      202,
      { polling_url: polling_url.replace('app.', 'evil.') },
      { _tag: 'InvalidRequest', which: 'pollingUrl' },
    ],
    ['a 200 without a media', 200, {}, shape('media', 'a finished media')],
    ['a 402 with a polling_url', 402, accepted, { _tag: 'Rejected', status: 402 }],
    ['a 200 with a rounded id', 200, { id: 2 ** 53 }, { _tag: 'Malformed' }],
  ])('for %s returns a failure', (_, status, body, failure) => {
    expect(parseStarted({ status, body })).toMatchObject({ _tag: 'Left', left: failure })
  })

  test('accepts a polling URL under the configured base URL', () => {
    const body = { polling_url: polling_url.replace(vendorUrl, 'http://localhost:4010') }
    expect(parseStarted({ status: 202, body }, { baseUrl: 'http://localhost:4010' })).toEqual(
      E.right({ _tag: 'Accepted', ref }),
    )
  })
})
