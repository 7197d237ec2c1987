import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll } from '@jest/globals'
import { listen } from '../../src/sandbox/listen'
import { bundle } from '../../docs/demo/bundle'
import type { Sandbox } from '../../src/sandbox'

/** The origin of a page. */
export interface Backend {
  readonly url: () => string
}

/**
 * A backend as a user would write it, before the tests of a file: it serves a page that runs the
 * module, and hands what the page asks of `/api/` on to the sandbox, with the key.
 */
export const openBackend = (entry: string, sandbox: () => Sandbox): Backend => {
  let server: Server | undefined
  let url = ''

  beforeAll(async () => {
    const script = await bundle(entry)
    server = createServer((request, response) => {
      const path = request.url ?? ''
      if (path.startsWith('/api/')) void handOn(request, response, sandbox())
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

const handOn = async (
  { url }: IncomingMessage,
  response: ServerResponse,
  sandbox: Sandbox,
): Promise<void> => {
  try {
    const headers = { authorization: `Bearer ${sandbox.apiKey}` }
    const { status, body } = await fetch(new URL(url ?? '', sandbox.url), { headers })
    response.writeHead(status, { 'content-type': 'application/json' })
    for await (const piece of body ?? []) response.write(piece)
  } catch {
    response.destroy()
  }
  response.end()
}
