import { once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import { listen } from '../../src/sandbox/http/listen'
import { nodeListener, type StatusRelay } from '../../src/relay'

let server: Server

afterEach(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

/** A reader that leaves after the first piece of a relay's answer. */
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

test('closes the stream when the reader leaves, where its signal says nothing', async () => {
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

test('is not brought down by a stream that breaks', async () => {
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
