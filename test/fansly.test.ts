import { expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { lastValueFrom, toArray } from 'rxjs'
import { mediaId } from '../src/api/platforms'
import { createUploadStatusClient } from '../src/client'
import { readRelayed } from '../src/relay/client/relayed'
import { selectIdentity } from '../src/relay/select'
import { completed, pending } from '../src/sandbox'
import { openSandbox } from './sandbox/openSandbox'

test('one client watches both platforms, and an id of 19 digits stays as it is, to the page', async () => {
  const sandbox = await openSandbox({ accounts: ['acct_1', 'fansly_acct_1'] })
  const refs = sandbox.accounts.map(account => sandbox.script(account, [pending(), completed()]))
  const client = createUploadStatusClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  const all = await lastValueFrom(client.uploadStatuses$(refs).pipe(toArray()))
  const ends = all.flatMap(({ status }) =>
    E.isRight(status) && status.right.status === 'completed' ? [status.right] : [],
  )
  const ids = ends.map(mediaId)
  expect(ids.map(id => typeof id).toSorted()).toEqual(['number', 'string'])
  expect(ids.find(id => typeof id === 'string')).toMatch(/^7\d{18}$/)
  for (const end of ends) {
    const ref = { account: 'any', upload: end.prefixed_id }
    const status = E.right(selectIdentity(end))
    const relayed = readRelayed(JSON.stringify({ ...ref, status }))
    if (E.isLeft(relayed) || E.isLeft(relayed.right.value)) throw new Error('not read')
    const shown = relayed.right.value.right
    if (E.isLeft(shown) || shown.right.status !== 'completed') throw new Error('no end')
    expect(mediaId(shown.right)).toBe(mediaId(end))
  }
})

test('a reference whose platform is not that of its ids ends as InvalidRequest; nothing is sent', async () => {
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
