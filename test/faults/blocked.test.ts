import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from '@jest/globals'
import { isRight, right, type Either } from 'fp-ts/Either'
import { from, lastValueFrom, toArray } from 'rxjs'
import { uploadStatuses$, type Failure, type UploadStatus } from 'rx-upload-status'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { completed, pending, ref } from '../answers'
import { follow, followed, quick } from './follow'
import { row } from './row'

const servers: Worker[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.terminate()))
})

const program = `
  const { createServer } = require('node:http')
  const { gzipSync } = require('node:zlib')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer(({ url }, response) => {
    Atomics.add(workerData.requests, 0, 1)
    if (url.startsWith('/relay')) {
      const [first, second] = workerData.relayed
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first)
      setTimeout(() => response.end(second), 200)
      return
    }
    const status = { ...workerData.status, prefixed_id: url.split('/').at(-2) }
    const body = gzipSync(JSON.stringify(status))
    setTimeout(() => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body), 200)
  }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

/** A server, also of a relay, in its own thread, which answers while the event loop is blocked. */
const open = async () => {
  const requests = new Int32Array(new SharedArrayBuffer(4))
  const relayed = [pending, completed].map(
    status => `data: ${JSON.stringify({ ...ref, status: right(status) })}\n\n`,
  )
  const workerData = { status: completed, relayed, requests }
  const server = new Worker(program, { eval: true, workerData })
  servers.push(server)
  const port = String(await once(server, 'message'))
  return { url: `http://127.0.0.1:${port}`, requests }
}

const attemptTimeout = 3_000

/** Blocks the event loop once the server has received this many requests, for longer than the timeout. */
const block = async (requests: Int32Array, many: number): Promise<void> => {
  while (Atomics.load(requests, 0) < many) await new Promise(setImmediate)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attemptTimeout * 1.2)
}

row('the event loop is blocked for longer than attemptTimeout or silence', ({ fetch }) => {
  test('an answer that arrives meanwhile is read', async () => {
    const { url, requests } = await open()
    const watch = follow(url, { fetch, attemptTimeout })
    await block(requests, 1)
    expect(await watch.ended).toEqual([right(completed)])
    expect([watch.failures(), requests[0]]).toEqual([[], 1])
  })

  test('answers to many watches that arrive meanwhile are read', async () => {
    const { url, requests } = await open()
    const uploads = Array.from({ length: 12 }, (_, nth) => `ofapi_media_${String(nth)}`)
    const ended = lastValueFrom(
      uploadStatuses$(
        uploads.map(upload => ({ account: ref.account, upload })),
        { ...quick, baseUrl: url, fetch, attemptTimeout },
      ).pipe(toArray()),
    )
    await block(requests, uploads.length)
    const statuses = (await ended).map(({ status }) => isRight(status) && status.right.status)
    expect(statuses).toEqual(uploads.map(() => 'completed'))
    expect(requests[0]).toBe(uploads.length)
  })

  test('an answer that the option request waits for is read', async () => {
    const { url, requests } = await open()
    const request = async (): Promise<Either<Failure, UploadStatus>> => {
      const { signal } = new AbortController()
      const init = { method: 'GET', headers: {}, redirect: 'manual', signal } as const
      const response = await fetch(`${url}/${ref.upload}/status`, init)
      await response.text()
      return right(completed)
    }
    const watch = follow(url, { request: () => from(request()), attemptTimeout })
    await block(requests, 1)
    expect(await watch.ended).toEqual([right(completed)])
    expect([watch.failures(), requests[0]]).toEqual([[], 1])
  })

  test('an event of a relay that arrives meanwhile is read from the same stream', async () => {
    const { url, requests } = await open()
    const watch = followed(({ on }) =>
      relayedUploadStatus$(`${url}/relay`, ref.account, ref.upload, {
        on,
        fetch,
        silence: attemptTimeout,
      }),
    )
    await watch.emitted(1)
    await block(requests, 1)
    expect(await watch.ended).toEqual([right(pending), right(completed)])
    expect(requests[0]).toBe(1)
  })
})
