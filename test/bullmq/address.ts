import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy whose target can change, like a name after a failover. Open connections stay. */
export const startAddress = async (port: number) => {
  const sockets = new Map<Socket, Socket>()
  let target = port
  const server = createServer(socket => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.set(from, to)
      from.pipe(to)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `redis://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    leadTo: (port: number) => (target = port),
    /** Forwards nothing until `release`, as if the target were suspended. */
    hold: () => {
      for (const from of sockets.keys()) from.unpipe().pause()
    },
    release: () => {
      for (const [from, to] of sockets) from.pipe(to)
    },
    close: async () => {
      server.close()
      for (const socket of sockets.keys()) socket.destroy()
      await once(server, 'close')
    },
  }
}
