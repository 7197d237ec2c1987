import { describe, expect, jest, test, beforeEach, afterEach } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import { BehaviorSubject } from 'rxjs'
import { uploadStatus$, type UploadStatus, type WatchEvent } from 'rx-upload-status'
import {
  relayedSource,
  relayedUploadStatus$,
  type RelayedOptions,
} from 'rx-upload-status/relay/client'
import type { Fetch, FetchInit } from '../../../src/http/fetch'
import { rejected } from '../../../src/failure/failure'
import { completed, pending, ref } from '../../answers'
import { pass } from '../../random/promiseTime'

const address = 'https://relay.example/live'

const event = (upload: string, status: unknown = right({ ...pending, prefixed_id: upload })) =>
  `data: ${JSON.stringify({ account: ref.account, upload, status })}\n\n`

/** One connection of a client. */
interface Request {
  readonly at: number
  readonly uploads: readonly string[]
  readonly isAborted: () => boolean
  readonly say: (text: string) => void
  readonly close: () => void
  readonly isRead: () => boolean
}

type Answer = (request: Request) => Response | number | null

/** A relay whose answers are written by a test; a number is a status, null no answer. */
const relayOf = (answer: Answer, headers: Readonly<Record<string, string>> = {}, delay = 0) => {
  const requests: Request[] = []
  const start = performance.now()
  const fetch: Fetch = async (url: string, { signal }: FetchInit) => {
    const encoder = new TextEncoder()
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    let isRead = false
    const body = new ReadableStream<Uint8Array>({
      start: given => {
        controller = given
      },
    })
    const request: Request = {
      at: performance.now() - start,
      uploads: new URL(url).searchParams.getAll('ref').map(name => name.split('/')[1] ?? ''),
      isAborted: () => signal.aborted,
      isRead: () => isRead,
      say: text => controller?.enqueue(encoder.encode(text)),
      close: () => {
        isRead = !signal.aborted
        controller?.close()
      },
    }
    requests.push(request)
    if (delay > 0)
      await new Promise<void>((resolve, reject) => {
        setTimeout(resolve, delay)
        signal.addEventListener('abort', () => {
          reject(new DOMException('aborted', 'AbortError'))
        })
      })
    const answered = answer(request)
    if (answered === null) return new Promise(() => undefined)
    return typeof answered === 'number'
      ? new Response(null, { status: answered, headers })
      : new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } })
  }
  return { fetch, requests, start }
}

const open = new Response()

const valuesOf = (options: RelayedOptions, url = address): unknown[] => {
  const seen: unknown[] = []
  relayedUploadStatus$(url, ref.account, ref.upload, options).subscribe({
    next: value => seen.push(value),
    error: (defect: unknown) => seen.push(['defect', defect]),
    complete: () => seen.push('complete'),
  })
  return seen
}

const failureOf = (seen: readonly unknown[]): unknown =>
  seen.find(
    value =>
      typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'Left',
  )

describe('a client of a relay', () => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
    })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test('tells each of 40 rows that are mounted one by one within an answer and 500 ms', async () => {
    const { fetch, requests, start } = relayOf(
      request => {
        for (const upload of request.uploads) request.say(event(upload))
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

  test('has two streams for 300 uploads', async () => {
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
        request.say('retry: 99999999999\n\n')
        request.close()
        return open
      },
    ],
    ['Retry-After: 86400', 'Throttled', { 'retry-after': '86400' }, () => 429],
    ['Retry-After: 86400 of a 503', 'Unavailable', { 'retry-after': '86400' }, () => 503],
  ])('forgets %s with the watches that it was said to', async (_, tag, headers, first) => {
    let answer = first
    const { fetch, requests } = relayOf(request => answer(request), headers)
    const source = relayedSource(address, { fetch, retry: { retries: 0 } })
    const ended: unknown[] = []
    source.uploadStatus$(ref.account, ref.upload).subscribe(value => ended.push(value))
    await pass(200)
    expect(ended).toEqual([left(expect.objectContaining({ _tag: tag }))])
    answer = request => {
      request.say(event(ref.upload, right(completed)))
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
      request.say('retry: 100\n\n:\n\n')
      request.close()
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 3 } })
    await pass(40_000)
    expect(failureOf(seen)).toMatchObject({ left: { _tag: 'Unreachable', code: 'CLOSED' } })
    expect(requests).toHaveLength(4)
  })

  test.each<[string, readonly string[]]>([
    ['announced it', ['retry: 50\n\n', 'event: over\n\n']],
    ['told a status', [event(ref.upload)]],
  ])('spends no retry on a stream whose relay closes it, and %s', async (_, said) => {
    const { fetch, requests } = relayOf(request => {
      for (const text of said) request.say(text)
      if (requests.length === 5) request.say(event(ref.upload, right(completed)))
      request.close()
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 0 } })
    await pass(40_000)
    expect(seen.at(-2)).toMatchObject({ right: { status: 'completed' } })
    expect(requests).toHaveLength(5)
  })

  test('counts several broken events in one piece once', async () => {
    const { fetch, requests } = relayOf(request => {
      request.say(
        requests.length === 1 ? 'data: {\n\n'.repeat(4) : event(ref.upload, right(completed)),
      )
      return open
    })
    const seen = valuesOf({ fetch, retry: { retries: 1 } })
    await pass(10_000)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
    expect(requests).toHaveLength(2)
  })

  test('takes over the texts of a failure as it does those of the API', async () => {
    const said = `one\n\u001b[31mtwo ${'x'.repeat(50_000)}`
    const { fetch } = relayOf(request => {
      request.say(event(ref.upload, left(rejected(404, said, said))))
      return open
    })
    const seen = valuesOf({ fetch })
    await pass(100)
    const text = JSON.stringify(failureOf(seen))
    expect(text.length).toBeLessThan(1_000)
    expect(text).toContain('one [31mtwo')
  })

  test('returns within seconds, and not with others, after all were cut off together', async () => {
    const all: Request[] = []
    const returned: number[] = []
    for (let reader = 0; reader < 150; reader += 1) {
      const { fetch, requests } = relayOf(request => {
        if (requests.length === 1) all.push(request)
        else returned.push(request.at)
        request.say(`retry: 1000\n\n${event(ref.upload)}`)
        return open
      })
      valuesOf({ fetch })
    }
    await pass(1_000)
    for (const request of all) request.close()
    await pass(8_000)
    expect(returned).toHaveLength(150)
    expect(Math.max(...returned) - Math.min(...returned)).toBeGreaterThan(3_000)
  })

  test('tries a relay that is full again later, and does not give up', async () => {
    const { fetch, requests } = relayOf(
      request => {
        if (requests.length < 30) return 503
        request.say(event(ref.upload, right(completed)))
        return open
      },
      { 'retry-after': '5' },
    )
    const seen = valuesOf({ fetch, retry: { retries: 0 } })
    await pass(400_000)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
    for (const [nth, { at }] of requests.entries())
      if (nth > 0) expect(at - (requests[nth - 1]?.at ?? 0)).toBeGreaterThanOrEqual(5_000)
  })

  test('accepts a media type in any case', async () => {
    const { fetch } = relayOf(
      request => {
        request.say(event(ref.upload, right(completed)))
        return open
      },
      { 'content-type': 'Text/Event-Stream; charset=UTF-8' },
    )
    const seen = valuesOf({ fetch })
    await pass(100)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
  })

  test('reads a stream of which all uploads ended to its end, and waits for that 2 s', async () => {
    const { fetch, requests } = relayOf(request => {
      request.say(event(ref.upload, right(completed)))
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

  test('aborts no stream of which all uploads ended when a new one replaces it', async () => {
    const { fetch, requests } = relayOf(request => {
      for (const upload of request.uploads) request.say(event(upload))
      return open
    })
    const source = relayedSource(address, { fetch })
    source.uploadStatus$(ref.account, 'a').subscribe()
    await pass(50)
    source.uploadStatus$(ref.account, 'b').subscribe()
    requests[0]?.say(event('a', right({ ...completed, prefixed_id: 'a' })))
    await pass(500)
    expect(requests.map(({ uploads }) => uploads)).toEqual([['a'], ['b']])
    expect(requests.map(request => request.isAborted())).toEqual([false, false])
  })

  test('no longer requests uploads that were left or whose deadline passed', async () => {
    const { fetch, requests } = relayOf(request => {
      for (const upload of request.uploads) request.say(event(upload))
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

  test('has no connection for each of twenty quick returns', async () => {
    const activity$ = new BehaviorSubject(true)
    const { fetch, requests } = relayOf(request => {
      request.say(event(ref.upload))
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
      request.say(event(ref.upload))
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

  test('polls once more on return if the deadline passed while the page was hidden', async () => {
    const activity$ = new BehaviorSubject(true)
    const { fetch } = relayOf(request => {
      request.say(event(ref.upload))
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

  test('ends with InvalidRequest where a relative address cannot be resolved', async () => {
    const fetch: Fetch = () =>
      Promise.reject(new TypeError("Failed to execute 'fetch': Failed to parse URL from /live"))
    const seen = valuesOf({ fetch }, '/live')
    await pass(100)
    expect(seen).toEqual([
      left(expect.objectContaining({ _tag: 'InvalidRequest', which: 'baseUrl' })),
      'complete',
    ])
  })

  test.each<[string, () => unknown]>([
    [
      'throws at once',
      () => {
        throw new TypeError('Failed to fetch')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['answers undefined', () => undefined],
    ['answers a promise of undefined', () => Promise.resolve(undefined)],
    ['answers no response', () => ({})],
  ])('ends as a watch of the API does where fetch %s', async (_, given) => {
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
