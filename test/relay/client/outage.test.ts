import { describe, expect, test } from '@jest/globals'
import { isRight } from 'fp-ts/Either'
import type { TrackedStatus, UploadRef } from 'rx-upload-status'
import { relayedSource } from 'rx-upload-status/relay/client'
import type { Fetch } from '../../../src/http/fetch'
import { pass, stopTime } from '../../random/promiseTime'

const outage = 60_000

/** An event with the terminal status of an upload. */
const endOf = (name: string): string => {
  const [account = '', upload = ''] = name.split('/')
  const right = { status: 'failed', prefixed_id: upload, error: 'The file is broken.' }
  return `data: ${JSON.stringify({ account, upload, status: { _tag: 'Right', right } })}\n\n`
}

const answer = (url: string): Response =>
  new Response(`retry: 1000\n\n${new URL(url).searchParams.getAll('ref').map(endOf).join('')}`, {
    headers: { 'content-type': 'text/event-stream' },
  })

describe('500 watches of a relay that is down for 60 s', () => {
  stopTime()

  test.each([
    ['one page', 1, 2],
    ['pages of 50', 10, 10],
  ])('all receive their end with the default options: %s', async (_, pages, streams) => {
    const start = performance.now()
    const connected: number[] = []
    const fetch: Fetch = url => {
      const at = performance.now() - start
      if (at < outage) return Promise.reject(new TypeError('fetch failed'))
      connected.push(at)
      return Promise.resolve(answer(url))
    }
    const ends: TrackedStatus[] = []
    const each = 500 / pages
    for (let page = 0; page < pages; page += 1) {
      const uploads = Array.from({ length: each }, (_, i): UploadRef => ({
        account: 'acct_1',
        upload: `upload_${String(page * each + i)}`,
      }))
      relayedSource('http://relay.example/', { fetch })
        .uploadStatuses$(uploads)
        .subscribe(end => ends.push(end))
    }
    await pass(outage + 25_000)
    expect(ends).toHaveLength(500)
    expect(ends.filter(({ status }) => !isRight(status))).toEqual([])
    // The reconnections of many streams are spread over the longest wait, 20 s.
    expect(connected).toHaveLength(streams)
    if (streams > 2) expect(Math.max(...connected) - Math.min(...connected)).toBeGreaterThan(2_000)
  })
})
