import { describe, expect, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import { BehaviorSubject } from 'rxjs'
import { uploadStatus$, type UploadStatus, type WatchEvent } from 'rx-upload-status'
import { relayedSource } from 'rx-upload-status/relay/client'
import type { Fetch } from '../../../src/http/fetch'
import { rejected } from '../../../src/failure/failure'
import { completed, pending, ref } from '../../answers'
import { pass, stopTime } from '../../random/promiseTime'
import { address, event, open, relayOf, valuesOf, type Answer } from './fakeRelay'

const failureOf = (seen: readonly unknown[]): unknown =>
  seen.find(
    value =>
      typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'Left',
  )

describe('a client of a relay', () => {
  stopTime()

  test('emits to each of 40 rows, mounted one by one, within 500 ms of the answer', async () => {
    const { fetch, requests, start } = relayOf(
      request => {
        for (const upload of request.uploads) request.send(event(upload))
        return open
      },
      {},
      500,
    )
    const source = relayedSource(address, { fetch })
    const waits: number[] = []
    for (let row = 0; row < 40; row += 1) {
      const mountedAt = performance.now() - start
      source.uploadStatus$(ref.account, `row_${String(row)}`).subscribe(() => {
        waits.push(performance.now() - start - mountedAt)
      })
      await pass(300)
    }
    await pass(1_000)
    expect(waits).toHaveLength(40)
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000)
    expect(requests.filter(request => !request.isAborted())).toHaveLength(1)
  })

  test('has at most two unanswered requests, and then asks for the rows mounted meanwhile', async () => {
    const { fetch, requests } = relayOf(
      request => {
        for (const upload of request.uploads) request.send(event(upload))
        return open
      },
      {},
      2_000,
    )
    const source = relayedSource(address, { fetch })
    const seen = new Set<string>()
    for (const upload of ['a', 'b', 'c', 'd']) {
      source.uploadStatus$(ref.account, upload).subscribe(() => seen.add(upload))
      await pass(300)
    }
    await pass(700)
    expect(requests.map(({ uploads }) => uploads.join())).toEqual(['a', 'a,b'])
    await pass(3_000)
    expect([...seen].sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('spends no retry on a broken stream that is about to be replaced', async () => {
    const { fetch, requests } = relayOf(request => {
      if (requests.length === 1) return open
      for (const upload of request.uploads)
        request.send(event(upload, right({ ...completed, prefixed_id: upload })))
      return open
    })
    const slow: Fetch = async (url, init) => {
      const response = fetch(url, init)
      if (requests.length > 1) await new Promise(resolve => setTimeout(resolve, 1_000))
      return response
    }
    const events: string[] = []
    const on = ({ _tag }: WatchEvent): void => void events.push(_tag)
    const source = relayedSource(address, { fetch: slow, retry: { retries: 0 }, on })
    const seen: unknown[] = []
    source.uploadStatus$(ref.account, 'a').subscribe(value => seen.push(value))
    await pass(50)
    source.uploadStatus$(ref.account, 'b').subscribe(value => seen.push(value))
    await pass(200)
    requests[0]?.close()
    await pass(2_000)
    expect(seen).toEqual(['a', 'b'].map(prefixed_id => right({ ...completed, prefixed_id })))
    expect(events).not.toContain('AttemptFailed')
  })

  test('uses two streams for 300 uploads', async () => {
    const { fetch, requests } = relayOf(() => open)
    const source = relayedSource(address, { fetch })
    for (let row = 0; row < 300; row += 1)
      source.uploadStatus$(ref.account, `row_${String(row)}`).subscribe()
    await pass(1_000)
    expect(requests).toHaveLength(2)
  })

  test.each<[string, string, Readonly<Record<string, string>>, Answer]>([
    [
      'retry: 99999999999',
      'Unreachable',
      {},
      request => {
        request.send('retry: 99999999999\n\n')
        request.close()
        return open
      },
    ],
    ['Retry-After: 86400', 'Throttled', { 'retry-after': '86400' }, () => 429],
    ['Retry-After: 86400 of a 503', 'Unavailable', { 'retry-after': '86400' }, () => 503],
  ])('does not apply %s to later watches', async (_, tag, headers, first) => {
    let answer = first
    const { fetch, requests } = relayOf(request => answer(request), headers)
    const source = relayedSource(address, { fetch, retry: { retries: 0 } })
    const ended: unknown[] = []
    source.uploadStatus$(ref.account, ref.upload).subscribe(value => ended.push(value))
    await pass(200)
    expect(ended).toEqual([left(expect.objectContaining({ _tag: tag }))])
    answer = request => {
      request.send(event(ref.upload, right(completed)))
      request.close()
      return open
    }
    source.uploadStatus$(ref.account, ref.upload).subscribe(value => ended.push(value))
    await pass(200)
    expect(requests).toHaveLength(2)
    expect(ended[1]).toMatchObject({ right: { status: 'completed' } })
  })

  test('runs out of retries at a relay that sends a heartbeat and closes', async () => {
    const { fetch, requests } = relayOf(request => {
      request.send('retry: 100\n\n:\n\n')
      request.close()
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 3 } })
    await pass(40_000)
    expect(failureOf(seen)).toMatchObject({ left: { _tag: 'Unreachable', code: 'CLOSED' } })
    expect(requests).toHaveLength(4)
  })

  test.each<[string, readonly string[]]>([
    ['has announced it', ['retry: 50\n\n', 'event: over\n\n']],
    ['has sent a status', [event(ref.upload)]],
  ])('spends no retry if the relay closes a stream and %s', async (_, sent) => {
    const { fetch, requests } = relayOf(request => {
      for (const text of sent) request.send(text)
      if (requests.length === 5) request.send(event(ref.upload, right(completed)))
      request.close()
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 0 } })
    await pass(40_000)
    expect(seen.at(-2)).toMatchObject({ right: { status: 'completed' } })
    expect(requests).toHaveLength(5)
  })

  test('spends one retry on several broken events in one chunk', async () => {
    const { fetch, requests } = relayOf(request => {
      request.send(
        requests.length === 1 ? 'data: {\n\n'.repeat(4) : event(ref.upload, right(completed)),
      )
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 1 } })
    await pass(10_000)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
    expect(requests).toHaveLength(2)
  })

  test('sanitizes and truncates the texts of a failure like those of the API', async () => {
    const message = `one\n\u001b[31mtwo ${'x'.repeat(50_000)}`
    const { fetch } = relayOf(request => {
      request.send(event(ref.upload, left(rejected(404, message, message))))
      return open
    })
    const seen = valuesOf({ fetch })
    await pass(100)
    const text = JSON.stringify(failureOf(seen))
    expect(text.length).toBeLessThan(1_000)
    expect(text).toContain('one [31mtwo')
  })

  test('accepts a media type in any case', async () => {
    const { fetch } = relayOf(
      request => {
        request.send(event(ref.upload, right(completed)))
        return open
      },
      { 'content-type': 'Text/Event-Stream; charset=UTF-8' },
    )
    const seen = valuesOf({ fetch })
    await pass(100)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
  })

  test('reads a stream to its end after all uploads ended, and aborts it after 2 s', async () => {
    const { fetch, requests } = relayOf(request => {
      request.send(event(ref.upload, right(completed)))
      return open
    })
    const [first, second] = [valuesOf({ fetch }), valuesOf({ fetch })]
    await pass(1_000)
    expect([first.at(-1), second.at(-1)]).toEqual(['complete', 'complete'])
    expect(requests.map(request => request.isAborted())).toEqual([false, false])
    requests[0]?.close()
    await pass(50)
    expect(requests[0]?.isRead()).toBe(true)
    expect(requests[0]?.isAborted()).toBe(false)
    await pass(2_000)
    expect(requests[1]?.isAborted()).toBe(true)
  })

  test('does not abort a stream whose uploads all ended when a new stream replaces it', async () => {
    const { fetch, requests } = relayOf(request => {
      for (const upload of request.uploads) request.send(event(upload))
      return open
    })
    const source = relayedSource(address, { fetch })
    source.uploadStatus$(ref.account, 'a').subscribe()
    await pass(50)
    source.uploadStatus$(ref.account, 'b').subscribe()
    requests[0]?.send(event('a', right({ ...completed, prefixed_id: 'a' })))
    await pass(500)
    expect(requests.map(({ uploads }) => uploads)).toEqual([['a'], ['b']])
    expect(requests.map(request => request.isAborted())).toEqual([false, false])
  })

  test('no longer requests uploads that were unsubscribed or whose deadline has passed', async () => {
    const { fetch, requests } = relayOf(request => {
      for (const upload of request.uploads) request.send(event(upload))
      return open
    })
    const source = relayedSource(address, { fetch, deadline: 10_000 })
    source.uploadStatus$(ref.account, 'a').subscribe()
    await pass(5_000)
    source.uploadStatus$(ref.account, 'b').subscribe()
    const leaving = source.uploadStatus$(ref.account, 'c').subscribe()
    await pass(1_000)
    leaving.unsubscribe()
    await pass(6_000)
    expect(requests.map(({ uploads }) => uploads.join())).toEqual(['a', 'a,b,c', 'a,b', 'b'])
    expect(requests.map(request => request.isAborted())).toEqual([true, true, true, false])
  })

  test('limits the connections of a page that is hidden and shown twenty times in a few seconds', async () => {
    const activity$ = new BehaviorSubject(true)
    const { fetch, requests } = relayOf(request => {
      request.send(event(ref.upload))
      return open
    })
    valuesOf({ fetch, activity$ })
    for (let nth = 0; nth < 20; nth += 1) {
      await pass(200)
      activity$.next(false)
      await pass(200)
      activity$.next(true)
    }
    await pass(5_000)
    expect(requests.length).toBeLessThanOrEqual(4)
    expect(requests.at(-1)?.isAborted()).toBe(false)
  })

  test('ends at its deadline, and aborts its stream', async () => {
    const { fetch, requests } = relayOf(request => {
      request.send(event(ref.upload))
      return open
    })
    const seen = valuesOf({ fetch, deadline: 5_000 })
    await pass(4_900)
    expect(seen).toEqual([right(pending)])
    await pass(100)
    expect(seen.slice(1)).toEqual([
      left(expect.objectContaining({ _tag: 'Expired', after: 5_000, lastStatus: 'pending' })),
      'complete',
    ])
    expect(requests.map(request => request.isAborted())).toEqual([true])
  })

  test('connects once more when the page is shown if the deadline passed while it was hidden', async () => {
    const activity$ = new BehaviorSubject(true)
    const { fetch } = relayOf(request => {
      request.send(event(ref.upload))
      return open
    })
    const events: string[] = []
    const on = ({ _tag }: WatchEvent): void => {
      events.push(_tag)
    }
    const seen = valuesOf({ fetch, activity$, deadline: 1_000, on })
    await pass(100)
    activity$.next(false)
    await pass(60_000)
    expect(seen).toHaveLength(1)
    activity$.next(true)
    await pass(15_000)
    expect(failureOf(seen)).toMatchObject({ left: { _tag: 'Expired', attempts: 2 } })
    expect(events.slice(-4)).toEqual(['Resumed', 'AttemptStarted', 'StatusReceived', 'Settled'])
  })

  test.each([
    ['/live', new TypeError("Failed to execute 'fetch': Failed to parse URL from /live")],
    ['localhost:3000/live', new TypeError('Only HTTP(S) protocols are supported')],
    ['ftp://a.example/live', new TypeError('fetch failed', { cause: 'Error: unknown scheme' })],
  ])('ends with InvalidRequest if its URL "%s" cannot be requested here', async (url, error) => {
    const seen = valuesOf({ fetch: () => Promise.reject(error) }, url)
    await pass(100)
    const why = 'must be the URL of the relay, from http:// or https:// on; a path needs a page'
    const invalid = { _tag: 'InvalidRequest', which: 'baseUrl', why }
    expect(seen).toEqual([left(expect.objectContaining(invalid)), 'complete'])
  })

  test.each<[string, () => unknown]>([
    [
      'throws synchronously',
      () => {
        throw new TypeError('Failed to fetch')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['returns undefined', () => undefined],
    ['resolves to undefined', () => Promise.resolve(undefined)],
    ['returns an object that is not a Response', () => ({})],
  ])('ends like a watch of the API if fetch %s', async (_, given) => {
    const fetch = given as Fetch
    const options = { fetch, retry: { retries: 1, base: 1, cap: 1 } }
    const relayed = valuesOf(options)
    const polled: unknown[] = []
    const kind = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && '_tag' in value
        ? isLeft(value as ReturnType<typeof left<object, UploadStatus>>) && 'left' in value
        : typeof value
    uploadStatus$('acct_1', 'upload_1', {
      ...options,
      apiKey: null,
      baseUrl: 'https://a.example',
    }).subscribe({
      next: value => polled.push(value),
      error: (defect: unknown) => polled.push(['defect', defect]),
      complete: () => polled.push('complete'),
    })
    await pass(500)
    expect(relayed.map(kind)).toEqual(polled.map(kind))
    expect(polled.length).toBeGreaterThan(0)
  })
})
