import { wrongType } from '../failure/checked'
import { requestOf, type NodeRequest } from './nodeRequest'
import { createTurns, type Answer } from './turns'

/** The members of a `ServerResponse` of `node:http` or `node:http2` that the listener uses. */
export interface NodeResponse {
  /** Whether the connection stays open after this response. */
  shouldKeepAlive?: boolean | undefined
  /** Sets the HTTP status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown
  /** Sends the headers before the first chunk. */
  flushHeaders(): void
  /** Sends a chunk; false means that the caller must wait for `drain`. */
  write(chunk: Uint8Array): boolean
  /** Ends the response. */
  end(): unknown
  /** Closes the connection immediately. */
  destroy(): unknown
  /** Adds a listener that is called once. */
  once(event: 'close' | 'drain', listener: () => void): unknown
  /** Removes a listener. */
  off(event: 'close' | 'drain', listener: () => void): unknown
  /** Calls the listener after `ms` milliseconds without activity. */
  setTimeout(ms: number, listener: () => void): unknown
}

/** The listener that `nodeListener` returns. It passes a defect to `next`, if its host has one. */
export type NodeListener = (
  request: NodeRequest,
  response: NodeResponse,
  next?: (defect?: unknown) => void,
) => void

/** A connection is dead after so many milliseconds without a byte sent, heartbeats included. */
const deadAfter = 60_000

/** Resolves when the response can accept more, or is closed. */
const drained = (response: NodeResponse): Promise<void> =>
  new Promise(resolve => {
    const go = (): void => {
      response.off('drain', go)
      response.off('close', go)
      resolve()
    }
    response.once('drain', go)
    response.once('close', go)
  })

const answerOf =
  (
    handle: (request: Request) => Promise<Response>,
    request: NodeRequest,
    response: NodeResponse,
    next: ((defect?: unknown) => void) | undefined,
  ): Answer =>
  answered => {
    const controller = new AbortController()
    let body: ReadableStreamDefaultReader<Uint8Array> | undefined

    const leave = (): void => {
      controller.abort()
      // The signal alone is not enough: the signal of a garbage-collected `Request` never fires.
      // Cancelling a stream that a defect broke rejects.
      body?.cancel().catch(() => undefined)
    }

    const deliver = async (answer: Response): Promise<void> => {
      // The unread rest of a refused request may follow on this connection.
      if (!answer.ok) response.shouldKeepAlive = false
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.flushHeaders()
      body = answer.body?.getReader()
      if (controller.signal.aborted) leave()
      for (;;) {
        const { value } = (await body?.read()) ?? {}
        if (value === undefined || controller.signal.aborted) break
        if (!response.write(value)) await drained(response)
      }
      response.end()
    }

    response.once('close', () => {
      leave()
      answered()
    })
    response.setTimeout(deadAfter, () => {
      response.destroy()
    })
    handle(requestOf(request, controller.signal)).then(
      answer =>
        deliver(answer).catch(() => {
          // `select` threw. The reader sees the connection break, and reconnects.
          response.destroy()
        }),
      (defect: unknown) => {
        if (next === undefined) response.destroy()
        else next(defect)
      },
    )
    return leave
  }

const requireFunction = (handle: unknown): void => {
  if (typeof handle !== 'function')
    throw wrongType(handle, 'handle', 'the result of createStatusRelay or createWebhook')
}

/**
 * Turns a relay or a webhook into a listener for `node:http`, `node:https`, `node:http2` or Express. It respects
 * backpressure, closes the stream when the reader leaves, and closes a connection that has accepted
 * nothing for 60 s. It answers pipelined requests one after another.
 *
 * @throws TypeError if it is given anything but a function, such as the options of a relay
 *
 * @example
 * createServer(nodeListener(relay)).listen(3000)
 */
export const nodeListener = (handle: (request: Request) => Promise<Response>): NodeListener => {
  requireFunction(handle)
  const take = createTurns()
  // h3 and Express recognize middleware by its third parameter.
  return (request, response, next) => {
    const answer = answerOf(handle, request, response, next)
    const { httpVersionMajor = 1, socket } = request
    // HTTP/2 streams do not wait for each other, and each one emits `close`.
    if (socket === undefined || httpVersionMajor > 1) answer(() => undefined)
    else take(socket, answer)
  }
}
