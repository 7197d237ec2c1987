import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { cancelled, expired, Failure, malformed, rejected, UploadStatus } from 'rx-upload-status'
import { selectIdentity } from 'rx-upload-status/relay'
import { withoutText } from '../../src/relay/withoutText'
import { createStatusEncoder } from '../../src/relay/encodeStatus'
import { completed, failed, pending, processing, ref } from '../answers'
import { failureArbitrary } from '../failure/failureArbitrary'
import { canaries, sightings } from '../secrets/canary'

const prefixed_id = ref.upload

/** An answer with all members, and a secret wherever it may occur. */
const vault = (secret: string): UploadStatus => ({
  status: 'completed',
  prefixed_id,
  credits_used: 1,
  ...{ [secret]: secret, extra: secret },
  media: {
    id: 7,
    type: 'video',
    isReady: true,
    hasError: false,
    createdAt: secret,
    files: { full: { url: `https://cdn.example/${secret}` }, thumb: secret },
    releaseForms: [secret],
    ...{ [secret]: secret },
  },
})

const cdn = (secret: string): UploadStatus => ({
  status: 'completed',
  prefixed_id,
  media: {
    prefixed_id,
    file_name: secret,
    processId: secret,
    host: secret,
    sourceUrl: `https://cdn.example/?Signature=${secret}`,
    extra: secret,
    additional: { secret },
    thumbs: [{ id: 1, url: secret }],
  },
})

describe('selectIdentity', () => {
  test('keeps the id, type and readiness of a vault media', () => {
    expect(selectIdentity(vault('x'))).toEqual({
      status: 'completed',
      prefixed_id,
      media: { id: 7, type: 'video', isReady: true, hasError: false },
    })
  })

  test('keeps the id of a CDN media', () => {
    const media = { prefixed_id }
    expect(selectIdentity(cdn('x'))).toEqual({ status: 'completed', prefixed_id, media })
  })

  test('keeps the error of a failed upload, on one line and truncated to 300 characters', () => {
    const error = `No\nway ${'x'.repeat(400)}`
    expect(selectIdentity({ status: 'failed', prefixed_id, error })).toEqual({
      ...failed,
      error: `No way ${'x'.repeat(293)}`,
    })
  })

  test('truncates the error without splitting a surrogate pair', () => {
    const error = `${'x'.repeat(299)}\u{1F600}`
    expect(selectIdentity({ status: 'failed', prefixed_id, error })).toEqual({
      ...failed,
      error: 'x'.repeat(299),
    })
  })

  test('drops members that the contract does not name', () => {
    for (const status of [pending, processing, failed])
      expect(selectIdentity({ ...status, ...{ secret: 'x' } })).toEqual(status)
  })

  test('drops every URL, signature and unknown member that could contain the API key', () => {
    for (const secret of canaries)
      for (const status of [vault(secret), cdn(secret)])
        expect(sightings(selectIdentity(status))).toEqual([])
  })

  test('returns a status that the codec decodes unchanged', () => {
    for (const status of [vault('x'), cdn('x'), pending, processing, failed]) {
      const selected = selectIdentity(status)
      expect(UploadStatus.decode(JSON.parse(JSON.stringify(selected)))).toEqual(right(selected))
    }
  })
})

describe('withoutText', () => {
  test('removes the texts of the server, the request and the operator of the relay', () => {
    for (const secret of canaries)
      for (const failure of [
        rejected(401, secret, `Invalid API key ${secret}`),
        malformed('shape', [{ path: secret, expected: secret }], secret),
        cancelled(secret),
        expired(1_000, rejected(401, secret, secret)),
        expired(1_000, malformed('shape', [], secret)),
        expired(1_000, cancelled(secret)),
      ])
        expect(sightings(withoutText(failure))).toEqual([])
  })

  test('keeps the tag, attempts, elapsed time and last status of a failure', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        const { _tag, attempts, elapsed, lastStatus } = failure
        const crossed = withoutText(failure)
        expect(crossed).toMatchObject({ _tag, attempts, elapsed, lastStatus })
        expect(Failure.is(crossed)).toBe(true)
      }),
    )
  })
})

describe('createStatusEncoder', () => {
  test('encodes a value once for all readers', () => {
    const select = jest.fn(selectIdentity)
    const write = createStatusEncoder(select)
    expect(write(right(completed))).toBe(write(right(completed)))
    expect(select).toHaveBeenCalledTimes(1)
  })

  test('encodes a Malformed failure for a value longer than 16,384 characters', () => {
    const write = createStatusEncoder(status => status)
    expect(JSON.parse(write(right({ ...failed, error: 'x'.repeat(16_000) })))).toMatchObject({
      _tag: 'Right',
    })
    expect(JSON.parse(write(right({ ...failed, error: 'x'.repeat(16_384) })))).toEqual(
      left(malformed('oversized')),
    )
  })
})
