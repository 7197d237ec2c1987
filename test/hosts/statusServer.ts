import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server whose uploads report to a program, on any host, how its requests ended. */
export interface StatusServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const media = { id: 1, type: 'photo' }

const pending = { status: 'pending' }
const completed = { status: 'completed', media, credits_used: 1 }

// A page of another origin may send a request with a key.
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*, authorization',
}

/**
 * Each upload is named after its behaviour.
 *
 * - `plain`: pending, then completed; once with a length and once in chunks
 * - `silent`: never answers
 * - `heard`: completed once `silent` was requested
 * - `gone`: completed once no request for `silent` is open
 */
export const openStatusServer = async (): Promise<StatusServer> => {
  const asked = new Map<string, number>()
  const waiting = new Set<ServerResponse>()

  const statusOf = (upload: string): object =>
    upload === 'plain'
      ? (asked.get(upload) ?? 0) % 2 === 1
        ? pending
        : completed
      : (upload === 'heard') === waiting.size > 0
        ? completed
        : pending

  const server = createServer((request, response) => {
    // A fetch on XMLHttpRequest adds a query, so that nothing comes from a cache.
    const upload = /uploads\/(\w+)\/status(?=$|\?)/.exec(request.url ?? '')?.[1] ?? ''
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end()
      return
    }
    if (request.headers.authorization !== 'Bearer key_of_the_host') {
      response.writeHead(401, cors).end()
      return
    }
    asked.set(upload, (asked.get(upload) ?? 0) + 1)
    if (upload === 'silent') {
      waiting.add(response)
      response.on('close', () => waiting.delete(response))
      return
    }
    const body = JSON.stringify({ ...statusOf(upload), prefixed_id: upload })
    const length = statusOf(upload) === pending ? { 'content-length': String(body.length) } : {}
    response.writeHead(200, { ...cors, 'content-type': 'application/json', ...length })
    response.write(body)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
