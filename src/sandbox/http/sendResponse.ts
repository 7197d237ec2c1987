import type { ServerResponse } from 'node:http'
import type { CutFault, ResetFault, SilentFault, TrickleFault, WireFault } from '../scenario/faults'
import type { HttpResponse } from './response'

/** How a response is put on its connection: complete, or with a fault. */
export type Delivery =
  | { readonly kind: 'complete'; readonly response: HttpResponse }
  | (Omit<CutFault, 'of'> & { readonly response: HttpResponse })
  | (Omit<TrickleFault, 'of'> & { readonly response: HttpResponse })
  | ResetFault
  | SilentFault
  | WireFault

/** What the sandbox has decided to do in answer to one request. */
export interface PlannedResponse {
  readonly delivery: Delivery
  /** Milliseconds to wait before the delivery. */
  readonly delay: number
  /** The upload that the request is about; null if there is none. */
  readonly upload: string | null
}

/** Plans a complete response without a delay. */
export const respondWith = (
  response: HttpResponse,
  upload: string | null = null,
): PlannedResponse => ({ delivery: { kind: 'complete', response }, delay: 0, upload })

/** Returns the HTTP status of a delivery; null if it sends none, or raw bytes. */
export const statusOf = (delivery: Delivery): number | null =>
  'response' in delivery ? delivery.response.status : null

/** How the end of a body is sent. */
type Framing = 'length' | 'chunked'

/** Sends a response after its delay, unless the connection closes before. */
export const sendResponse = (
  { delivery, delay }: PlannedResponse,
  to: ServerResponse,
  framing: Framing,
): void => {
  if (delay === 0) send(delivery, to, framing)
  else {
    runLater(delay, to, () => {
      send(delivery, to, framing)
    })
  }
}

const send = (delivery: Delivery, to: ServerResponse, framing: Framing): void => {
  switch (delivery.kind) {
    case 'complete':
      sendHead(delivery.response, to, framing)
      to.end(delivery.response.body)
      return
    case 'cut': {
      const body = sendHead(delivery.response, to, framing)
      to.flushHeaders()
      to.write(body.subarray(0, Math.floor(body.length * delivery.after)))
      endConnection(delivery.by, to)
      return
    }
    case 'trickle':
      sendSlowly(sendHead(delivery.response, to, framing), delivery, to)
      return
    case 'reset':
      to.socket?.resetAndDestroy()
      return
    case 'silent':
      return
    case 'wire':
      to.socket?.write(delivery.bytes, 'latin1')
      endConnection(delivery.then, to)
      return
  }
}

/** Sends status and headers, framed as they say themselves or as given; returns the body. */
const sendHead = (
  { status, headers, body }: HttpResponse,
  to: ServerResponse,
  framing: Framing,
): Buffer => {
  const bytes = Buffer.from(body)
  // Without a length Node sends chunks.
  const framed =
    framing === 'chunked' ||
    status === 204 ||
    'content-length' in headers ||
    'transfer-encoding' in headers
  to.writeHead(status, framed ? headers : { ...headers, 'content-length': bytes.length })
  return bytes
}

const sendSlowly = (
  body: Buffer,
  { every, bytes }: Pick<TrickleFault, 'every' | 'bytes'>,
  to: ServerResponse,
): void => {
  let sent = 0
  to.flushHeaders()
  const timer = setInterval(() => {
    to.write(body.subarray(sent, sent + bytes))
    sent += bytes
    if (sent < body.length) return
    clearInterval(timer)
    to.end()
  }, every)
  to.once('close', () => {
    clearInterval(timer)
  })
}

/**
 * Milliseconds between the last bytes and a reset. Without them the reset can overtake the bytes,
 * and the client then sees an orderly end (measured on Linux).
 */
const delayBeforeReset = 50

const endConnection = (how: WireFault['then'], to: ServerResponse): void => {
  const { socket } = to
  switch (how) {
    case 'end':
      socket?.end()
      return
    case 'reset':
      runLater(delayBeforeReset, to, () => {
        socket?.resetAndDestroy()
      })
      return
    case 'stay':
      return
  }
}

/** Runs something later, unless the connection closes before. */
const runLater = (delay: number, to: ServerResponse, run: () => void): void => {
  const timer = setTimeout(run, delay)
  to.once('close', () => {
    clearTimeout(timer)
  })
}
