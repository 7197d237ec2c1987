import { expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { from, map, mergeMap, timer } from 'rxjs'
import type { TrackedStatus } from 'rx-upload-status'
import { createStatusRelay, type RelayEvent, type Upstream } from 'rx-upload-status/relay'
import { relayedSource } from 'rx-upload-status/relay/client'
import { completed, ref } from '../answers'
import { settle, stopTime } from '../random/promiseTime'

// A whole page and its relay with the default caps, in virtual time.

stopTime()

const second = 1_000

/** Uploads that end 10 s after their first subscription, and the maximum watched at the same time. */
const upstream = () => {
  const following = new Set<string>()
  let most = 0
  const client: Upstream = {
    uploadStatuses$: uploads =>
      from(uploads).pipe(
        mergeMap(given => ('account' in given ? [given] : given)),
        mergeMap(({ account, upload }) => {
          following.add(upload)
          most = Math.max(most, following.size)
          return timer(10 * second).pipe(
            map((): TrackedStatus => {
              following.delete(upload)
              return { account, upload, status: right({ ...completed, prefixed_id: upload }) }
            }),
          )
        }),
      ),
  }
  return { client, most: () => most }
}

test('a page of 300 uploads receives every terminal status on two streams within the default caps', async () => {
  const { client, most } = upstream()
  const events: RelayEvent[] = []
  const relay = createStatusRelay({
    client,
    authorize: () => true,
    on: event => events.push(event),
  })
  const source = relayedSource('https://relay.example/', {
    fetch: (url, { signal, headers }) =>
      relay(new Request(url, { signal, headers: { ...headers, cookie: 'user=1' } })),
  })
  const ended = new Set<string>()
  for (let nth = 0; nth < 300; nth += 1)
    source.uploadStatus$(ref.account, `upload_${String(nth)}`).subscribe(({ _tag }) => {
      if (_tag === 'Right') ended.add(`upload_${String(nth)}`)
    })
  for (let minutes = 0; minutes < 12; minutes += 1)
    for (let nth = 0; nth < 60; nth += 1) {
      jest.advanceTimersByTime(second)
      await settle()
    }
  expect(ended.size).toBe(300)
  expect(most()).toBeLessThanOrEqual(50)
  expect(Math.max(...events.map(({ streams }) => streams))).toBeLessThanOrEqual(2)
}, 60_000)
