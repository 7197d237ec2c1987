import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll } from '@jest/globals'
import { createUploadStatusClient, requestBudget } from 'rx-upload-status'
import { createStatusRelay, nodeListener, type RelayEvent } from 'rx-upload-status/relay'
import type { Sandbox } from 'rx-upload-status/sandbox'
import { bundle, type Mode } from '../../docs/demo/bundle'
import { listen } from '../../src/sandbox/http/listen'

/** The origin of a page. */
export interface Backend {
  readonly url: () => string
}

interface BackendOptions {
  /** The module that the page runs. */
  readonly entry: string
  readonly mode?: Mode
  readonly sandbox: () => Sandbox
  /** Receives the events of the relay. */
  readonly on?: (event: RelayEvent) => void
}

/**
 * Before the tests of a file, starts a backend as a user would write it: it serves a page, forwards
 * requests for `/api/` to the sandbox with the key, and relays statuses at `/statuses`.
 */
export const openBackend = ({ entry, mode, sandbox, on }: BackendOptions): Backend => {
  let server: Server | undefined
  let url = ''

  beforeAll(async () => {
    const script = await bundle(entry, mode)
    const { url: baseUrl, apiKey } = sandbox()
    const relay = nodeListener(
      createStatusRelay({
        client: createUploadStatusClient({
          baseUrl,
          apiKey,
          budget: requestBudget({ perMinute: 100_000 }),
        }),
        authorize: () => true,
        on,
      }),
    )
    server = createServer((request, response) => {
      const [path = ''] = (request.url ?? '').split('?', 1)
      if (path.startsWith('/api/')) void forward(request, response, sandbox())
      else if (path === '/statuses') relay(request, response)
      else if (path === '/page.js') answer(response, 'text/javascript', script)
      else answer(response, 'text/html', page)
    })
    ;({ origin: url } = await listen(server, '127.0.0.1', 0))
  }, 60_000)

  afterAll(async () => {
    if (server === undefined) return
    server.closeAllConnections()
    await once(server.close(), 'close')
  })

  return { url: () => url }
}

const page =
  '<!doctype html><title>A page</title><div id="root"></div><script src="page.js"></script>'

const answer = (response: ServerResponse, type: string, body: string): void => {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body)
}

const forward = async (
  { url }: IncomingMessage,
  response: ServerResponse,
  sandbox: Sandbox,
): Promise<void> => {
  try {
    const headers = { authorization: `Bearer ${sandbox.apiKey}` }
    const answer = await fetch(new URL(url ?? '', sandbox.url), { headers })
    const length = answer.headers.get('content-length')
    // If the sandbox ends an answer by closing the connection, so does the backend.
    response.useChunkedEncodingByDefault = answer.headers.has('transfer-encoding')
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...(length !== null && { 'content-length': length }),
    })
    for await (const piece of answer.body ?? []) response.write(piece)
  } catch {
    response.destroy()
  }
  response.end()
}
