import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { drawOf, pickWeighted, type Draw } from './draw'

/** What the proxy does to a connection. */
const treatments = {
  none: 5,
  'reset at once': 1,
  'never connected': 1,
  'reset on the way': 1,
  'closed on the way': 1,
  'stalled for ever': 1,
  'stalled for a while': 1,
  'one way only': 1,
} as const

/** A proxy that damages connections. */
export interface FaultyProxy {
  readonly port: number
  readonly dropAll: () => void
}

/** Forwards this many bytes, then does something else. */
const forward = (from: Socket, to: Socket, most: number, then: (rest: Buffer) => void): void => {
  let left = most
  from.on('data', bytes => {
    if (left <= 0) return
    const some = bytes.subarray(0, left)
    left -= some.length
    if (to.writable) to.write(some)
    if (left <= 0) then(bytes.subarray(some.length))
  })
}

const pass = (client: Socket, server: Socket, draw: Draw): void => {
  const treatment = pickWeighted(draw('treatment'), treatments)
  if (treatment === 'reset at once') {
    client.resetAndDestroy()
    server.destroy()
    return
  }
  if (treatment === 'never connected') return
  if (treatment !== 'one way only') forward(client, server, Infinity, () => undefined)
  const most = treatment === 'none' ? Infinity : Math.floor(3_000 * draw('bytes'))
  forward(server, client, most, rest => {
    if (treatment === 'reset on the way') client.resetAndDestroy()
    if (treatment === 'closed on the way') client.end()
    if (treatment === 'stalled for a while')
      setTimeout(
        () => {
          if (client.writable) client.write(rest)
          server.pipe(client)
        },
        500 * draw('stall'),
      ).unref()
  })
}

/** Starts a proxy in front of a port of this machine. */
export const startFaultyProxy = async (seed: number, target: number): Promise<FaultyProxy> => {
  const sockets = new Set<Socket>()
  let connections = 0
  const keep = (socket: Socket, peer: () => Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      peer().destroy()
    })
  }
  const server = createServer(client => {
    connections += 1
    const upstream: Socket = connect(target, '127.0.0.1')
    keep(client, () => upstream)
    keep(upstream, () => client)
    pass(client, upstream, drawOf(seed, `connection ${String(connections)}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    dropAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
