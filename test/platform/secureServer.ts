import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach } from '@jest/globals'
import { nextAnswer } from '../http/framing'
import type { selfSigned } from './selfSigned'

const opened: Server[] = []

afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** An https server, with a record of its connections. */
interface Secure {
  readonly port: number
  readonly url: string
  /** The number of connections, accepted by the client or not. */
  readonly connections: () => number
  /** The number of requests. */
  readonly requests: () => number
  /** Uses another certificate from now on, and closes the open connections. */
  readonly present: (identity: ReturnType<typeof selfSigned>, text?: string) => void
}

/**
 * An https server with this certificate, which is closed after the test. It answers with `text`, or
 * never if that is null.
 */
export const openSecure = async (
  identity: ReturnType<typeof selfSigned>,
  text: string | null = '{}',
): Promise<Secure> => {
  let connections = 0
  let requests = 0
  const server = createServer(identity, (_, response) => {
    requests += 1
    if (text === null) return
    // Every second answer is chunked, so that it has no Content-Length.
    if (nextAnswer() % 2 === 0) response.setHeader('content-length', Buffer.byteLength(text))
    response.write(text, () => response.end())
  })
  opened.push(server)
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `https://127.0.0.1:${String(port)}/`,
    connections: () => connections,
    requests: () => requests,
    present: (next, answer) => {
      server.setSecureContext(next)
      if (answer !== undefined) text = answer
      server.closeAllConnections()
    },
  }
}
