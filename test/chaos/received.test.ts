import { expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { expired, type UploadStatus } from 'rx-upload-status'
import type { Request } from './faultServer'
import { madeUp, receivedIn } from './received'

const request: Request = {
  serial: 7,
  client: 'a',
  upload: 'ofapi_media_1',
  status: 'pending',
  fault: null,
  how: 'chunked',
  at: 1,
  sentAt: 2,
}
const received = { serial: 7, upload: 'ofapi_media_1', status: 'pending' }

test('a status has the number of its request; a pushed status and a failure have none', () => {
  const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
  const pending: UploadStatus = { status: 'pending', prefixed_id: ref.upload }
  expect(receivedIn({ ...ref, status: right(Object.assign({ serial: 7 }, pending)) })).toEqual(
    received,
  )
  expect(receivedIn({ ...ref, status: right(pending) })).toBeNull()
  expect(receivedIn({ ...ref, status: left(expired(1)) })).toBeNull()
})

test('a status that the server sent is not made up', () => {
  expect(madeUp([received], [request])).toEqual([])
})

test.each<[string, readonly Request[]]>([
  ['without a request', []],
  ['in a damaged answer', [{ ...request, fault: 'is truncated JSON' }]],
  ['of another upload', [{ ...request, upload: 'ofapi_media_2' }]],
  ['that differs from the answer', [{ ...request, status: 'processing' }]],
])('a status %s is made up', (_, log) => {
  expect(madeUp([received], log)).toEqual(['made up: ofapi_media_1 is pending, by request 7'])
})
