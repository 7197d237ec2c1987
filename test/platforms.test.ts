import { describe, expect, jest, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { lastValueFrom, toArray } from 'rxjs'
import {
  createUploadStatusClient,
  fetchStatus$,
  mediaId,
  parsePollingUrl,
  uploadOutcome,
  uploadView$,
  type Fetch,
  type UploadStatus,
} from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { relayedSource } from 'rx-upload-status/relay/client'
import { whole } from './http/rawServer'
import { wire } from './http/wire'
import { completedOn, onBothPlatforms } from './platforms'
import { listen } from './relay/hosts'
import { completed, pending } from '../src/sandbox'
import { openSandbox } from './sandbox/openSandbox'

/** The id of a media in JSON, which would show that a number was rounded. */
const identityIn = (status: UploadStatus | null): string | null =>
  status?.status === 'completed' ? JSON.stringify(mediaId(status)) : null

describe.each(onBothPlatforms)('an upload to $platform', each => {
  const { account, upload, path, identity } = each
  const body = JSON.stringify(completedOn(each))

  test('is requested at its own path, and the id of its media arrives unchanged', async () => {
    const server = await wire(whole(200, body))
    const end = await uploadOutcome(account, upload, { baseUrl: server.url, apiKey: 'key' })()
    expect(E.isRight(end) && identityIn(end.right as UploadStatus)).toBe(identity)
    expect(server.requests.map(request => request.split(' ')[1])).toEqual([path])
  })

  test('reaches the view of a page through a relay with the same media id', async () => {
    const server = await wire(whole(200, body))
    const client = createUploadStatusClient({ baseUrl: server.url, apiKey: 'key' })
    const relay = createStatusRelay({ client, authorize: () => true })
    const { url } = await listen(nodeListener(relay))
    const view = await lastValueFrom(uploadView$(relayedSource(url), account, upload))
    expect([view.phase, identityIn(view.status)]).toEqual(['completed', identity])
    await client.close()
  })

  test('is parsed from its polling URL, and rejected from that of the other platform', () => {
    const baseUrl = 'https://api.example'
    const other = path.includes('/fansly/')
      ? path.replace('/fansly', '')
      : `/api/fansly${path.slice(4)}`
    expect(parsePollingUrl(baseUrl + path, { baseUrl })).toEqual(E.right({ account, upload }))
    expect(parsePollingUrl(baseUrl + other, { baseUrl })).toEqual(
      E.left(expect.objectContaining({ _tag: 'InvalidRequest' })),
    )
  })
})

test('one client watches both platforms', async () => {
  const sandbox = await openSandbox({ accounts: ['acct_1', 'fansly_acct_1'] })
  const refs = sandbox.accounts.map(account => sandbox.script(account, [pending(), completed()]))
  const client = createUploadStatusClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  const ends = await client.uploadOutcomes(refs)()
  const ids = ends.map(({ status }) => E.isRight(status) && identityIn(status.right))
  expect(ids).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^"7\d{18}"$/)])
})

// As JavaScript passes them, where a member of an answer has another name.
test.each([[undefined], [null], [7], [{}], [['ofapi_media_1']]])(
  'the id %j ends with InvalidRequest, and nothing is sent',
  async id => {
    const fetch = jest.fn<Fetch>()
    const options = { fetch, apiKey: 'key' }
    const client = createUploadStatusClient(options)
    const ids = ['acct_1', id] as unknown as [string, string]
    const ends = await Promise.all([
      uploadOutcome(...ids, options)(),
      client.uploadOutcome(...ids)(),
      lastValueFrom(fetchStatus$(...ids, options)),
    ])
    const failure = { _tag: 'InvalidRequest', which: 'upload', attempts: 0 }
    expect(ends).toEqual(ends.map(() => E.left(expect.objectContaining(failure))))
    expect(fetch).not.toHaveBeenCalled()
  },
)

test('a reference ends with InvalidRequest if its platform contradicts its ids', async () => {
  const sandbox = await openSandbox({ accounts: ['acct_1'] })
  const client = createUploadStatusClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
  const refs = [
    { ...ref, platform: 'fansly' as const },
    { ...ref, upload: 'fansly_media_1' },
    { ...ref, account: ref.upload, upload: ref.account },
  ]
  const all = await lastValueFrom(client.uploadStatuses$(refs).pipe(toArray()))
  const single = await Promise.all(refs.map(one => lastValueFrom(client.uploadStatus$(one))))
  const ends = [...all.map(({ status }) => status), ...single]
  expect(ends.map(end => E.isLeft(end) && end.left._tag)).toEqual(
    [...refs, ...refs].map(() => 'InvalidRequest'),
  )
  expect(sandbox.requests()).toEqual([])
})
