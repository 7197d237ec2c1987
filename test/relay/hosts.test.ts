import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { lastValueFrom, toArray } from 'rxjs'
import { createUploadStatusClient, spaced } from 'rx-upload-status'
import { createStatusRelay } from 'rx-upload-status/relay'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { completed, pending, processing } from 'rx-upload-status/sandbox'
import { onBothPlatforms } from '../platforms'
import { openSandbox } from '../sandbox/openSandbox'
import { hosts } from './hosts'

describe.each(Object.entries(hosts))('a relay under %s', (_, host) => {
  test.each(onBothPlatforms)('watches an upload to $platform to its end', async each => {
    const sandbox = await openSandbox({ accounts: [each.account] })
    const { account, upload } = sandbox.script(each.account, [pending(), processing(), completed()])
    const client = createUploadStatusClient({
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      schedule: spaced(5),
    })
    const { url } = await host(createStatusRelay({ client, authorize: () => true }))
    const values = await lastValueFrom(relayedUploadStatus$(url, account, upload).pipe(toArray()))
    expect(values).toEqual([
      right({ status: 'pending', prefixed_id: upload }),
      right({ status: 'processing', prefixed_id: upload }),
      right(
        expect.objectContaining({
          status: 'completed',
          prefixed_id: upload,
          media: expect.objectContaining({ type: each.media.type }),
        }),
      ),
    ])
  })
})
