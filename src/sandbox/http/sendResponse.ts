import type { ServerResponse } from 'node:http'
import type { TrickleFault, WireFault } from '../scenario/faults'
import type { Framing } from './framing'
import { openResponse, type OpenResponse } from './openResponse'
import type { Delivery, PlannedResponse } from './plannedResponse'

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
    case 'complete': {
      const { body, closes, end } = openResponse(delivery.response, to, framing)
      if (closes) {
        afterRequest(to, () => {
          end(body)
        })
      } else end(body)
      return
    }
    case 'cut': {
      const { body, flush, write } = openResponse(delivery.response, to, framing)
      flush()
      write(body.subarray(0, Math.floor(body.length * delivery.after)))
      endConnection(delivery.by, to)
      return
    }
    case 'trickle':
      sendSlowly(openResponse(delivery.response, to, framing), delivery, to)
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

/**
 * Runs something once the body of the request has been read. A connection that is closed before
 * that is reset, and the client may lose the answer.
 */
const afterRequest = ({ req }: ServerResponse, run: () => void): void => {
  if (req.complete || req.readableEnded) {
    run()
    return
  }
  req.once('end', run)
  req.resume()
}

const sendSlowly = (
  { body, flush, write, end }: OpenResponse,
  { every, bytes }: Pick<TrickleFault, 'every' | 'bytes'>,
  to: ServerResponse,
): void => {
  let sent = 0
  flush()
  const timer = setInterval(() => {
    write(body.subarray(sent, sent + bytes))
    sent += bytes
    if (sent < body.length) return
    clearInterval(timer)
    end()
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
