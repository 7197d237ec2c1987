import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach } from '@jest/globals'

/** A running proxy, and the requests that it received. */
export interface ProxyServer {
  readonly port: number
  /** Each request line with its credentials. */
  readonly asked: () => readonly string[]
}

const opened: (() => void)[] = []

afterEach(() => {
  for (const close of opened.splice(0)) close()
})

/**
 * A proxy on loopback, closed after the test. It forwards requests with an absolute URL, and opens tunnels
 * (`CONNECT`), which lead to `tunnelTo` whatever host they name.
 */
export const openProxy = async ({
  tunnelTo = 0,
  refuseWith = null,
}: {
  readonly tunnelTo?: number
  readonly refuseWith?: number | null
} = {}): Promise<ProxyServer> => {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const hear = (method = '', target = '', credentials = ''): void => {
    const name = Buffer.from(credentials.replace('Basic ', ''), 'base64').toString()
    asked.push(name === '' ? `${method} ${target}` : `${method} ${target} as ${name}`)
  }
  const server = createServer((incoming, response) => {
    const { method, url = '', headers } = incoming
    hear(method, url, headers['proxy-authorization'])
    if (refuseWith !== null) response.writeHead(refuseWith).end()
    else
      request(url, { method: 'GET', headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }).end()
  })
  server.on('connect', (incoming, client: Socket) => {
    hear('CONNECT', incoming.url, incoming.headers['proxy-authorization'])
    client.on('error', () => undefined)
    if (refuseWith !== null) {
      client.end(`HTTP/1.1 ${String(refuseWith)} No\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const upstream = connect(tunnelTo, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.on('connection', socket => {
    sockets.add(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { port, asked: () => asked }
}
