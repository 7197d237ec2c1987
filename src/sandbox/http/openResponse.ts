import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Framing } from './framing'
import type { HttpResponse } from './response'

/** A response whose head is sent, and whose body is not. */
export interface OpenResponse {
  /** The bytes of the complete body. */
  readonly body: Buffer
  /** Whether the connection is closed after the body. */
  readonly closes: boolean
  readonly flush: () => void
  readonly write: (bytes: Buffer) => void
  /** Sends the last bytes and ends the body as its framing says. */
  readonly end: (bytes?: Buffer) => void
}

/** Sends status and headers. A response that has a header of its own for its framing keeps that. */
export const openResponse = (
  response: HttpResponse,
  to: ServerResponse,
  framing: Framing,
): OpenResponse => {
  const framesItself =
    'content-length' in response.headers || 'transfer-encoding' in response.headers
  // A pipelined response has no socket before its turn; Node itself sends it then.
  return framing === 'http10' && !framesItself && to.socket !== null
    ? openOnSocket(response, to, to.socket)
    : openInNode(response, to, framesItself ? 'chunked' : framing)
}

const openInNode = (
  { status, headers, body }: HttpResponse,
  to: ServerResponse,
  framing: Framing,
): OpenResponse => {
  const bytes = Buffer.from(body)
  const closes = framing === 'close' || framing === 'http10'
  // Without a length and without chunks Node closes the connection at the end of the body.
  if (closes) to.useChunkedEncodingByDefault = false
  const hasLength = framing === 'length' && status !== 204
  to.writeHead(status, hasLength ? { ...headers, 'content-length': bytes.length } : headers)
  return {
    body: bytes,
    closes,
    flush: () => {
      to.flushHeaders()
    },
    write: chunk => to.write(chunk),
    end: chunk => to.end(chunk),
  }
}

// Node writes HTTP/1.1 into every status line.
const openOnSocket = (
  { status, headers, body }: HttpResponse,
  to: ServerResponse,
  socket: NonNullable<ServerResponse['socket']>,
): OpenResponse => {
  const hasBody = ![204, 304].includes(status) && to.req.method !== 'HEAD'
  const lines = [
    `HTTP/1.0 ${String(status)} ${STATUS_CODES[status] ?? 'Unknown'}`,
    `date: ${new Date().toUTCString()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return {
    body: hasBody ? Buffer.from(body) : Buffer.alloc(0),
    closes: true,
    flush: () => undefined,
    write: chunk => socket.write(chunk),
    end: chunk => (chunk === undefined ? socket.end() : socket.end(chunk)),
  }
}
