import type { IncomingMessage, ServerResponse } from 'node:http'
import { send, sendJson } from './send'
import type { Uploads } from './uploads'

/** `GET` lists the uploads that were started here, `POST ?name=…` starts one with a form. */
export const serveUploads = async (
  uploads: Uploads,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { method, headers } = request
  if (method === 'GET') sendJson(response, 200, uploads.list())
  else if (method !== 'POST') send(response, 405, 'text/plain', 'GET or POST\n')
  else
    try {
      const name = new URL(request.url ?? '', 'http://localhost').searchParams.get('name')
      const reply = await uploads.start(name ?? 'upload', request, headers['content-type'] ?? '')
      sendJson(response, reply.status, reply.body)
    } catch {
      // The page went away in the middle of a file, or the sandbox is closing.
      sendJson(response, 502, { error: 'The upload did not reach the API.' })
    }
}
