import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { isRight, left } from 'fp-ts/Either'
import { lastValueFrom, map, of, tap, toArray } from 'rxjs'
import {
  cancelled,
  createUploadStatusClient,
  expired,
  spaced,
  type Failure,
  type Schedule,
  type UploadStatus,
} from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { completed, pending, processing, times } from 'rx-upload-status/sandbox'
import { ref } from '../answers'
import { openSandbox } from '../sandbox/openSandbox'
import { address, byHand, head, open, permissive, readerOf } from './byHand'
import { listen } from './hosts'

const status = (
  name: 'pending' | 'processing' | 'completed',
  prefixed_id: string = ref.upload,
): UploadStatus =>
  name === 'completed'
    ? { status: name, prefixed_id, media: { id: 7, type: 'photo', isReady: true } }
    : { status: name, prefixed_id }

describe('a stream', () => {
  test('has headers of an event stream that no proxy may store or transform', async () => {
    const { response, leave } = await open()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    await leave()
  })

  test('sends each status immediately, and closes after the terminal status', async () => {
    const { next, emit, events, following } = await open({ retry: 250 })
    expect(await next()).toBe('retry: 250\n\n')
    emit(status('pending'))
    expect(await next()).toBe(
      `id: 1\ndata: {"account":"acct_1","upload":"${ref.upload}","status":` +
        `{"_tag":"Right","right":{"status":"pending","prefixed_id":"${ref.upload}"}}}\n\n`,
    )
    emit(status('completed'))
    expect(await next()).toMatch(/^id: 3\ndata: .*"completed"/)
    expect(await next()).toBeNull()
    expect(events).toEqual([
      { _tag: 'StreamOpened', uploads: 1, streams: 1 },
      { _tag: 'StreamClosed', why: 'ended', streams: 0 },
    ])
    expect(following()).toBe(0)
  })

  test('sends a slow reader only the latest status of each upload', async () => {
    const { next, emit, leave } = await open({}, address('a', 'b'))
    emit(status('pending', 'a'))
    emit(status('pending', 'b'))
    emit(status('processing', 'a'))
    emit(status('completed', 'a'))
    const text = await next()
    expect(text?.match(/"status":"\w+"/g)).toEqual(['"status":"completed"', '"status":"pending"'])
    expect(text?.match(/id: \d+/g)).toEqual(['id: 30', 'id: 31'])
    await leave()
  })

  test('sends many statuses in chunks of a few kilobytes', async () => {
    const uploads = Array.from({ length: 50 }, (_, i) => `upload_${String(i)}`)
    const { next, emit, leave } = await open({}, address(...uploads))
    for (const upload of uploads) emit(status('completed', upload))
    const pieces: string[] = []
    for (let piece = await next(); piece !== null; piece = await next()) pieces.push(piece)
    expect(pieces.join('').match(/^data/gm)).toHaveLength(50)
    expect(pieces.length).toBeGreaterThan(1)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(4_096 + 1_024)
    await leave()
  })

  test('resumes after the last event id, and sends nothing twice', async () => {
    const { next, emit, leave, following } = await open({}, address('a', 'b', 'c'), {
      headers: { 'last-event-id': '312' },
    })
    expect(await next()).toBe(head)
    expect(following()).toBe(2)
    emit(status('pending', 'b'))
    emit(status('pending', 'c'))
    emit(status('processing', 'c'))
    emit(status('processing', 'b'))
    expect((await next())?.match(/id: \d+/g)).toEqual(['id: 322'])
    await leave()
  })

  test('is answered with 204 if the reader has every terminal status', async () => {
    const { response, events } = await open({}, address('a', 'b'), {
      headers: { 'last-event-id': '33' },
    })
    expect(response.status).toBe(204)
    expect(events).toEqual([])
  })

  test('unsubscribes from its uploads when it is cancelled', async () => {
    const { leave, following, events } = await open()
    expect(following()).toBe(1)
    await leave()
    expect(following()).toBe(0)
    expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'left', streams: 0 })
  })

  test('unsubscribes from its uploads when its request is aborted, even during authorize', async () => {
    const controller = new AbortController()
    const { following, next } = await open({}, undefined, { signal: controller.signal })
    controller.abort()
    expect(following()).toBe(0)
    expect(await next()).toBeNull()

    const meanwhile = new AbortController()
    const authorize = (): boolean => {
      meanwhile.abort()
      return true
    }
    const late = await open({ authorize }, undefined, { signal: meanwhile.signal })
    expect(late.following()).toBe(0)
    expect(late.events.at(-1)).toMatchObject({ streams: 0 })
  })

  test('errors if select throws, and other streams continue', async () => {
    const upstream = byHand()
    const select = (given: UploadStatus): UploadStatus => {
      if (given.status === 'processing') throw new Error('a bug')
      return given
    }
    const { options, events } = permissive(upstream, { select })
    const relay = createStatusRelay(options)
    const [broken, other] = await Promise.all(
      ['a', 'b'].map(async upload => readerOf(await relay(new Request(address(upload))))),
    )
    upstream.emit(status('processing', 'a'))
    await expect(broken?.next()).rejects.toThrow('a bug')
    expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'defect', streams: 1 })
    upstream.emit(status('pending', 'b'))
    expect(await other?.next()).toMatch(/pending/)
    await other?.leave()
  })

  test('continues if an observer throws', async () => {
    const { response, leave } = await open({
      on: () => {
        throw new Error('a bug')
      },
    })
    expect(response.status).toBe(200)
    await leave()
  })
})

describe('a stream whose client is closed', () => {
  const streamOf = async (failure: Failure): Promise<string> => {
    const uploadStatuses$ = () => of({ ...ref, status: left(failure) })
    const relay = createStatusRelay({ client: { uploadStatuses$ }, authorize: () => true })
    return (await relay(new Request(address(ref.upload)))).text()
  }

  test('ends without a failure of the upload', async () => {
    expect(await streamOf(cancelled('the client was closed'))).toBe(head)
    expect(await streamOf(cancelled('SIGTERM'))).toBe(head)
  })

  test('sends other failures, such as Cancelled by a queue', async () => {
    expect(await streamOf(expired(1_000, null))).toMatch(/"Expired"/)
    expect(await streamOf(cancelled('cancelled through the queue'))).toMatch(/"Cancelled"/)
  })

  test('lets its reader continue with another relay at the same address', async () => {
    const sandbox = await openSandbox()
    const { account, upload } = sandbox.script('acct_sandbox', [
      times(2, processing()),
      completed(),
    ])
    const relayOf = (schedule: Schedule) => {
      const { url: baseUrl, apiKey } = sandbox
      const client = createUploadStatusClient({ baseUrl, apiKey, schedule })
      return { client, relay: createStatusRelay({ client, authorize: () => true, retry: 1 }) }
    }
    const [first, second] = [relayOf(spaced(600_000)), relayOf(spaced(1))]
    let current = first
    const { url } = await listen(nodeListener(request => current.relay(request)))
    const retry = { retries: 2, base: 1, cap: 2 }
    const seen = await lastValueFrom(
      relayedUploadStatus$(url, account, upload, { retry }).pipe(
        tap(() => {
          current = second
          void first.client.close()
        }),
        map(status => (isRight(status) ? status.right.status : status.left._tag)),
        toArray(),
      ),
    )
    expect(seen).toEqual(['processing', 'completed'])
    await second.client.close()
  })
})

describe('many readers', () => {
  const relayOf = (baseUrl: string, apiKey: string) =>
    createStatusRelay({
      client: createUploadStatusClient({ baseUrl, apiKey, schedule: spaced(5) }),
      authorize: () => true,
    })

  test('share one poll', async () => {
    const sandbox = await openSandbox()
    const scenario = [pending(), times(3, processing()), completed()] as const
    const { account, upload } = sandbox.script('acct_sandbox', scenario)
    const relay = relayOf(sandbox.url, sandbox.apiKey)
    const target = `https://relay.example/?ref=${account}/${upload}`
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => (await relay(new Request(target))).text()),
    )
    for (const text of texts) expect(text).toMatch(/"completed"/)
    expect(sandbox.counts().requests).toBe(5)
  })

  test('stop the poll when the last of them disconnects', async () => {
    const sandbox = await openSandbox()
    const { account, upload } = sandbox.script('acct_sandbox', [processing()])
    const relay = relayOf(sandbox.url, sandbox.apiKey)
    const target = `https://relay.example/?ref=${account}/${upload}`
    const readers = await Promise.all(
      [1, 2].map(async () => readerOf(await relay(new Request(target)))),
    )
    for (const { next } of readers) while (!(await next())?.includes('processing'));
    // The check for leftovers after each test would find a timer of a poll.
    for (const { leave } of readers) await leave()
  })
})

describe('a relay under node:http', () => {
  test('buffers little for a reader that stops reading, and closes its stream', async () => {
    const upstream = byHand()
    const uploads = Array.from({ length: 50 }, (_, i) => `upload_${String(i)}`)
    const { options, events } = permissive(upstream, { select: given => given })
    const { url, server } = await listen(nodeListener(createStatusRelay(options)))
    const accepted = once(server, 'connection')
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.pause()
    const { search } = new URL(address(...uploads))
    socket.write(`GET /${search} HTTP/1.1\r\nHost: relay\r\n\r\n`)
    const [serverSide] = (await accepted) as [{ readonly writableLength: number }]
    while (events.length === 0) await new Promise(resolve => setImmediate(resolve))
    let most = 0
    for (const name of ['pending', 'processing', 'completed'] as const)
      for (const upload of uploads) {
        upstream.emit({ ...status(name, upload), ...{ extra: 'x'.repeat(16_000) } })
        await new Promise(resolve => setImmediate(resolve))
        most = Math.max(most, serverSide.writableLength)
      }
    expect(most).toBeLessThan(65_536)
    socket.destroy()
    while (events.length < 2) await new Promise(resolve => setImmediate(resolve))
    expect(events.at(-1)).toMatchObject({ _tag: 'StreamClosed', streams: 0 })
  })
})
