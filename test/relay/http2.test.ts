import { once } from 'node:events'
import { connect, createServer, type ClientHttp2Session, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { beforeEach, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { lastValueFrom, take, toArray } from 'rxjs'
import { createUploadStatusClient, spaced } from 'rx-upload-status'
import {
  createStatusRelay,
  nodeListener,
  type RelayOptions,
  type StatusRelay,
} from 'rx-upload-status/relay'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { completed, pending, processing } from 'rx-upload-status/sandbox'
import { pending as pendingStatus, ref } from '../answers'
import { openSandbox } from '../sandbox/openSandbox'
import { address, byHand, permissive } from './byHand'

let server: Http2Server
let session: ClientHttp2Session
let serve: (relay: StatusRelay) => void

beforeEach(async () => {
  server = createServer()
  serve = relay => server.on('request', nodeListener(relay))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  session = connect(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
})

/** Closes everything. The check for leftovers runs before any hook of this file. */
const close = async (): Promise<void> => {
  session.destroy()
  await once(server.close(), 'close')
}

/** A fetch over HTTP/2 to the server of this test. */
const fetchHttp2 = async (target: string, init: RequestInit = {}): Promise<Response> => {
  const { pathname, search } = new URL(target)
  const stream = session.request({
    ':path': pathname + search,
    ...Object.fromEntries(new Headers(init.headers)),
  })
  init.signal?.addEventListener('abort', () => {
    stream.close()
  })
  const [headers] = (await once(stream, 'response')) as [Record<string, string>]
  const { ':status': status, ...rest } = headers
  const named = Object.entries(rest).filter(([name]) => !name.startsWith(':'))
  return new Response(Readable.toWeb(stream) as ReadableStream, {
    status: Number(status),
    headers: named,
  })
}

const open = (options: Partial<RelayOptions> = {}) => {
  const upstream = byHand()
  const permitted = permissive(upstream, options)
  serve(createStatusRelay(permitted.options))
  return { ...upstream, ...permitted }
}

test('watches an upload to its end over HTTP/2', async () => {
  const sandbox = await openSandbox()
  const scenario = [pending(), processing(), completed()] as const
  const { account, upload } = sandbox.script(sandbox.accounts[0] ?? '', scenario)
  const { url: baseUrl, apiKey } = sandbox
  const client = createUploadStatusClient({ baseUrl, apiKey, schedule: spaced(5) })
  serve(createStatusRelay({ client, authorize: () => true }))
  const statuses = await lastValueFrom(
    relayedUploadStatus$('http://relay/', account, upload, { fetch: fetchHttp2 }).pipe(toArray()),
  )
  expect(statuses.map(value => value._tag === 'Right' && value.right.status)).toEqual([
    'pending',
    'processing',
    'completed',
  ])
  await close()
})

test('carries many streams on one connection, and closes each when its reader disconnects', async () => {
  const { emit, events, following } = open()
  const read$ = relayedUploadStatus$('http://relay/', ref.account, ref.upload, {
    fetch: fetchHttp2,
  })
  const readers = Array.from({ length: 30 }, () => lastValueFrom(read$.pipe(take(1))))
  while (following() < 30) await new Promise(resolve => setImmediate(resolve))
  emit(pendingStatus)
  expect(await Promise.all(readers)).toEqual(readers.map(() => right(pendingStatus)))
  while (following() > 0) await new Promise(resolve => setImmediate(resolve))
  expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'left', streams: 0 })
  await close()
})

test('closes all streams of a broken connection', async () => {
  const { following, events } = open()
  const { search } = new URL(address(ref.upload))
  for (let reader = 0; reader < 30; reader += 1)
    session.request({ ':path': `/${search}` }).on('error', () => undefined)
  while (following() < 30) await new Promise(resolve => setImmediate(resolve))
  session.destroy()
  while (following() > 0) await new Promise(resolve => setImmediate(resolve))
  expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'left', streams: 0 })
  await close()
})

test('takes the host of the URL from :authority', async () => {
  const urls: string[] = []
  serve(request => {
    urls.push(request.url)
    return Promise.resolve(new Response('ok'))
  })
  const stream = session.request({ ':path': '/live?ref=a/b', ':authority': 'my.example' })
  stream.resume()
  await once(stream, 'end')
  expect(urls).toEqual(['http://my.example/live?ref=a/b'])
  await close()
})
