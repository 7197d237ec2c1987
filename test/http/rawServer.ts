import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { frame, framings, nextAnswer, type Framing } from './framing'

// The server uses real timers, even if a test replaces them.
const { clearInterval, setInterval } = globalThis

/** Replies to a request on its connection; `nth` counts the requests from 1. */
export type Reply = (socket: Socket, nth: number) => void

/** A server on a raw socket, with a record of its requests. */
export interface Wire {
  readonly url: string
  /** The requests, in order of arrival. */
  readonly requests: readonly string[]
  /** The number of connections so far. */
  readonly connections: () => number
  /** Resolves after that many connections. */
  readonly met: (connections: number) => Promise<void>
  /** Resolves after that many requests. */
  readonly heard: (requests: number) => Promise<void>
  /**
   * Resolves when every connection with a request is closed. (Node's own fetch may connect again
   * after an abort, without a request.)
   */
  readonly gone: () => Promise<void>
  /** Resolves when no connection is open, with or without a request. */
  readonly left: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Listens on `port`, by default on a free one. `reply` writes every byte itself. */
export const openWire = async (reply: Reply, port = 0): Promise<Wire> => {
  const changes = new EventEmitter()
  const sockets = new Set<Socket>()
  const asking = new Set<Socket>()
  const requests: string[] = []
  let connections = 0
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(changes, 'change')
  }
  const server = createServer(socket => {
    connections += 1
    sockets.add(socket)
    changes.emit('change')
    let received = ''
    socket.on('data', piece => {
      received += piece.toString('latin1')
      const heads = received.split('\r\n\r\n')
      received = heads.pop() ?? ''
      for (const head of heads) {
        requests.push(head)
        asking.add(socket)
        reply(socket, requests.length)
      }
      changes.emit('change')
    })
    // A client that aborts resets the connection, which many tests are about.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      asking.delete(socket)
      changes.emit('change')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    requests,
    connections: () => connections,
    met: many => until(() => connections >= many),
    heard: many => until(() => requests.length >= many),
    gone: () => until(() => asking.size === 0),
    left: () => until(() => sockets.size === 0),
    close: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Headers = Readonly<Record<string, string>>

/** The head of an answer. */
export const head = (status: number, headers: Headers = {}): string =>
  [`HTTP/1.1 ${String(status)} X`, ...Object.entries(headers).map(pair => pair.join(': '))].join(
    '\r\n',
  ) + '\r\n\r\n'

/** Framings to use in turn, one for each answer. */
export type Framings = readonly [Framing, ...(readonly Framing[])]

/**
 * A complete answer. A test names a framing only if it is about connections, so that all other
 * tests run with all framings.
 */
export const whole =
  (
    status: number,
    body: string | Buffer = '',
    headers: Headers = {},
    framing: Framings = framings,
  ): Reply =>
  socket => {
    const nth = nextAnswer()
    const { pieces, closes } = frame(
      framing[nth % framing.length] ?? framing[0],
      Math.floor(nth / framing.length),
      status,
      Buffer.from(body),
      headers,
    )
    for (const piece of pieces) socket.write(piece)
    if (closes) socket.end()
  }

/** One reply for each request, and the last one for all further requests. */
export const inTurn =
  (...replies: readonly [Reply, ...(readonly Reply[])]): Reply =>
  (socket, nth) => {
    const reply = replies[Math.min(nth, replies.length) - 1] ?? replies[0]
    reply(socket, nth)
  }

/** The bytes, unchanged. `then` decides what happens to the connection. */
export const bytes =
  (text: string | Buffer, then: (socket: Socket) => void = () => undefined): Reply =>
  socket => {
    socket.write(text, () => {
      then(socket)
    })
  }

/** Closes the connection gracefully. */
export const end = (socket: Socket): void => {
  socket.end()
}

/**
 * Resets the connection after the client has read what was sent: an earlier reset would look like
 * an orderly end. The server cannot see what the client has read, so this waits for some turns.
 */
export const reset = (socket: Socket): void => {
  let turns = 20
  const next = (): void => {
    turns -= 1
    if (turns === 0) socket.resetAndDestroy()
    else setImmediate(next)
  }
  next()
}

/** Writes the same piece repeatedly until the client disconnects. */
export const again =
  (first: string, piece: string, every: number): Reply =>
  socket => {
    socket.write(first)
    const timer = setInterval(() => socket.write(piece), every)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
