import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { frame, framings, nextAnswer, type Framing } from './framing'

// The server goes by real time, also where a test puts a clock of its own in its place.
const { clearInterval, setInterval } = globalThis

/** What is done to a connection on which a request came; `nth` counts requests from 1. */
export type Reply = (socket: Socket, nth: number) => void

/** A server on a bare socket, and what it heard. */
export interface Wire {
  readonly url: string
  /** The requests, in the order they came. */
  readonly requests: readonly string[]
  /** How many connections there were. */
  readonly connections: () => number
  /** When there were that many connections. */
  readonly met: (connections: number) => Promise<void>
  /** When there were that many requests. */
  readonly heard: (requests: number) => Promise<void>
  /**
   * When every connection is closed on which a request came. (Node's own fetch may connect again
   * after an abort, without a request.)
   */
  readonly gone: () => Promise<void>
  /** When there is no connection any more, whatever came on it. */
  readonly left: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Listens, on a free port if on none that is named. The bytes are the replier's own affair. */
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
    // A client that goes away resets; that is what many of the tests are about.
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

/** One of these framings after the other, from answer to answer. */
export type Framings = readonly [Framing, ...(readonly Framing[])]

/**
 * An answer that arrives whole. The tests of this project name no framing unless they are about
 * connections, so that all of them are tried with all framings.
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

/** To each request its own reply, and to all that follow the last one. */
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

/** The connection is closed in order. */
export const end = (socket: Socket): void => {
  socket.end()
}

/**
 * The connection is reset, once the client has read what was sent: a reset that overtakes it looks
 * like an orderly end. What it has read it does not say, so this gives it some turns of the loop.
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

/** The same piece again and again, until the client goes. */
export const again =
  (first: string, piece: string, every: number): Reply =>
  socket => {
    socket.write(first)
    const timer = setInterval(() => socket.write(piece), every)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
