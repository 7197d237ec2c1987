import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { statusBody } from './body'
import { deliver, piece, type Delivery } from './delivery'
import { drawOf, pickWeighted } from './draw'
import { fateOf, statusAt } from './fate'
import { faults, faultWeights, type Question } from './faults'
import { answered, formOf, head } from './framing'
import { now } from './now'

/** A received request, and its answer. Times are milliseconds of the machine's clock. */
export interface Request {
  readonly serial: number
  /** The client: the value of the header `x-client`. */
  readonly client: string
  readonly upload: string
  readonly status: string
  /** The name of the fault, or null if the answer was complete and well-formed. */
  readonly fault: string | null
  /** How a healthy answer was framed and encoded. */
  readonly how: string
  readonly at: number
  /** When the last byte of a complete answer was sent; null if it was not. */
  readonly sentAt: number | null
}

/** The fraction of requests whose answer is damaged. */
const harmed = 0.3

/** Milliseconds that a healthy answer may take. */
const longestWait = 250

const healthy = (question: Question): Delivery => {
  const { upload, status, serial, draw } = question
  const delivery = answered(
    200,
    draw('limits') < 0.2
      ? { 'x-ratelimit-limit': '1000000', 'x-ratelimit-remaining': '900000' }
      : {},
    statusBody(upload, status, serial, draw),
    draw,
    draw('slow') < 0.3 ? longestWait * draw('wait') : 0,
  )
  // Informational answers precede the real one. (Node's own fetch rejects a 100 that it did not request.)
  return draw('hints') < 0.05
    ? { ...delivery, pieces: [piece(head(draw('hint') < 0.5 ? 102 : 103)), ...delivery.pieces] }
    : delivery
}

/** A server on bare sockets that damages its answers. */
export interface FaultServer {
  readonly port: number
  /** The requests since the last call, after all answers were sent. */
  readonly takeLog: () => readonly Request[]
  /** Connections with a request that is not completely answered. */
  readonly unanswered: () => number
  /** Breaks all connections. */
  readonly dropAll: () => void
}

const pathForm = /^GET \/api\/[\w-]+\/media\/uploads\/([\w-]+)\/status HTTP/
const headerOf = (text: string, name: string): string =>
  new RegExp(`^${name}: *(.*)$`, 'im').exec(text)?.[1]?.trim() ?? ''

export const startFaultServer = async (seed: number): Promise<FaultServer> => {
  const sockets = new Set<Socket>()
  const unanswered = new Set<Socket>()
  const firstAskedAt = new Map<string, number>()
  let log: Request[] = []
  let serial = 0

  const answer = (socket: Socket, text: string): void => {
    const at = now()
    serial += 1
    const [, upload = ''] = pathForm.exec(text) ?? []
    const fate = fateOf(upload)
    const since = firstAskedAt.get(upload) ?? at
    firstAskedAt.set(upload, since)
    const question: Question = {
      upload,
      status: fate === null ? 'pending' : statusAt(fate, at - since),
      serial,
      draw: drawOf(seed, String(serial)),
    }
    const { draw } = question
    const isHarmed = fate?.isCalm !== true && draw('harmed') < harmed
    const fault = isHarmed ? pickWeighted(draw('fault'), faultWeights) : null
    const isWrong = headerOf(text, 'authorization') === 'Bearer sk_wrong'
    const entry = {
      serial,
      client: headerOf(text, 'x-client'),
      upload,
      status: question.status,
      fault: isWrong ? 'is refused: 401' : fate === null ? 'is no upload' : fault,
      how: formOf(draw),
      at,
      sentAt: null as number | null,
    }
    log.push(entry)
    // The connection was closed before the request arrived.
    if (!socket.writable) {
      entry.fault = 'had closed before'
      return
    }
    unanswered.add(socket)
    const delivery =
      entry.fault === null
        ? healthy(question)
        : fault === null || isWrong
          ? answered(isWrong ? 401 : 503, {}, '{"error":"No."}', draw)
          : faults[fault](question)
    deliver(socket, delivery, () => {
      if (delivery.then === 'keep' || delivery.then === 'end') unanswered.delete(socket)
      if (entry.fault === null) entry.sentAt = now()
      // Closes a kept connection when the next request may already be on its way.
      if (delivery.then === 'keep' && fate?.isCalm !== true && draw('closes') < 0.05)
        setTimeout(
          () => {
            if (!unanswered.has(socket)) socket.end()
          },
          300 * draw('closes later'),
        ).unref()
    })
  }

  const server = createServer(socket => {
    sockets.add(socket)
    let received = ''
    socket.on('data', bytes => {
      received += bytes.toString('latin1')
      const heads = received.split('\r\n\r\n')
      received = heads.pop() ?? ''
      for (const text of heads) answer(socket, text)
    })
    // A client that aborts resets its connection.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      unanswered.delete(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    takeLog: () => {
      const taken = log
      log = []
      firstAskedAt.clear()
      return taken
    },
    unanswered: () => unanswered.size,
    dropAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
