import { once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import { listen } from '../../src/sandbox/http/listen'
import { nodeListener, type NodeRequest, type StatusRelay } from '../../src/relay'
import { requestOf } from '../../src/listener/nodeRequest'

let server: Server

afterEach(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

/** Reads the first chunk of a relay's answer, then disconnects. */
const readOnce = async (relay: StatusRelay): Promise<void> => {
  server = createServer(nodeListener(relay))
  const { origin } = await listen(server, '127.0.0.1', 0)
  await new Promise<void>(resolve => {
    const request = get(origin, response => {
      response.once('data', () => {
        request.destroy()
      })
      response.once('error', () => undefined)
      response.once('close', resolve)
    })
  })
}

test('cancels the body when the reader disconnects, even if the relay ignores the signal', async () => {
  const closed = new Promise<string>(resolve => {
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        controller.enqueue(Buffer.from(':\n\n'))
      },
      cancel: () => {
        resolve('closed')
      },
    })
    void readOnce(() => Promise.resolve(new Response(body)))
  })
  expect(await closed).toBe('closed')
})

test('survives a body that errors', async () => {
  const body = new ReadableStream<Uint8Array>({
    start: controller => {
      controller.enqueue(Buffer.from(':\n\n'))
    },
    pull: controller => {
      controller.error(new Error('a defect'))
    },
  })
  await readOnce(() => Promise.resolve(new Response(body)))
})

const urlOf = (request: Partial<NodeRequest>): string =>
  requestOf({ rawHeaders: ['Host', 'relay.example'], ...request }, new AbortController().signal).url

test('builds the URL from the Host header if a router leaves only the query', () => {
  expect(urlOf({ url: '?ref=a/b' })).toBe('http://relay.example/?ref=a/b')
  expect(urlOf({ url: '' })).toBe('http://relay.example/')
  expect(urlOf({ url: '?//evil.example' })).toBe('http://relay.example/?//evil.example')
})

test('builds an https URL for a TLS connection', () => {
  const socket = { encrypted: true, destroyed: false, destroy: () => null, once: () => null }
  expect(urlOf({ url: '/live', socket })).toBe('https://relay.example/live')
})

test('has three parameters, which mark it as middleware for h3 and Express', () => {
  expect(nodeListener(() => Promise.reject(new Error('not called')))).toHaveLength(3)
})

test('refuses the options of a relay when it is created, not at the first request', () => {
  const options = { authorize: () => true }
  expect(() => nodeListener(options as never)).toThrow(
    new TypeError('handle must be the result of createStatusRelay or createWebhook, not an object'),
  )
})
