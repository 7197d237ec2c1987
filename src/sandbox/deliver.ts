import type { ServerResponse } from 'node:http'
import type { WireFault } from './fault'
import type { Reply } from './reply'

/** What is done to a connection in answer to one request. */
export type Delivery =
  | { readonly kind: 'whole'; readonly reply: Reply }
  | {
      readonly kind: 'cut'
      readonly reply: Reply
      readonly after: number
      readonly by: 'end' | 'reset'
    }
  | {
      readonly kind: 'trickle'
      readonly reply: Reply
      readonly every: number
      readonly bytes: number
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silent' }
  | WireFault

/** The HTTP status that a delivery shows; null where it shows none, or none that is known. */
export const statusOf = (delivery: Delivery): number | null =>
  'reply' in delivery ? delivery.reply.status : null

/** Carries out a delivery after `delay` milliseconds, unless the connection closes before. */
export const deliver = (delivery: Delivery, delay: number, response: ServerResponse): void => {
  if (delay === 0) send(delivery, response)
  else {
    after(delay, response, () => {
      send(delivery, response)
    })
  }
}

const send = (delivery: Delivery, response: ServerResponse): void => {
  switch (delivery.kind) {
    case 'whole':
      writeHead(delivery.reply, response)
      response.end(delivery.reply.body)
      return
    case 'cut': {
      const body = writeHead(delivery.reply, response)
      response.flushHeaders()
      response.write(body.subarray(0, Math.floor(body.length * delivery.after)))
      leave(delivery.by, response)
      return
    }
    case 'trickle':
      trickle(writeHead(delivery.reply, response), delivery, response)
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'silent':
      return
    case 'wire':
      response.socket?.write(delivery.bytes, 'latin1')
      leave(delivery.then, response)
      return
  }
}

const writeHead = ({ status, headers, body }: Reply, response: ServerResponse): Buffer => {
  const bytes = Buffer.from(body)
  const framed = status === 204 || 'content-length' in headers || 'transfer-encoding' in headers
  response.writeHead(status, framed ? headers : { ...headers, 'content-length': bytes.length })
  return bytes
}

const trickle = (
  body: Buffer,
  pace: { readonly every: number; readonly bytes: number },
  response: ServerResponse,
): void => {
  let sent = 0
  response.flushHeaders()
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + pace.bytes))
    sent += pace.bytes
    if (sent < body.length) return
    clearInterval(timer)
    response.end()
  }, pace.every)
  response.once('close', () => {
    clearInterval(timer)
  })
}

/**
 * How long what was sent is left to be read before a reset, in milliseconds: a reset that overtakes
 * the reader looks to it like an orderly end (measured, Linux).
 */
const readingTime = 50

const leave = (how: 'end' | 'reset' | 'stay', response: ServerResponse): void => {
  const { socket } = response
  switch (how) {
    case 'end':
      socket?.end()
      return
    case 'reset':
      after(readingTime, response, () => {
        socket?.resetAndDestroy()
      })
      return
    case 'stay':
      return
  }
}

/** Runs something later, unless the connection closes before. */
const after = (delay: number, response: ServerResponse, run: () => void): void => {
  const timer = setTimeout(run, delay)
  response.once('close', () => {
    clearTimeout(timer)
  })
}
