import type { StatusRelay } from './createStatusRelay'
import { requestOf, type NodeRequest } from './nodeRequest'
import { createTurns, type Answer } from './turns'

/** What is done with a `ServerResponse` of `node:http` or of `node:http2`. */
export interface NodeResponse {
  /** Whether the connection stays open after this response. */
  shouldKeepAlive?: boolean | undefined
  /** Sets the HTTP status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown
  /** Sends the headers before the first chunk. */
  flushHeaders(): void
  /** Sends a chunk; false says to wait for `drain`. */
  write(chunk: Uint8Array): boolean
  /** Ends the response. */
  end(): unknown
  /** Closes the connection at once. */
  destroy(): unknown
  /** Adds a listener that is called once. */
  once(event: 'close' | 'drain', listener: () => void): unknown
  /** Removes a listener. */
  off(event: 'close' | 'drain', listener: () => void): unknown
  /** Calls a listener after so many milliseconds without a byte. */
  setTimeout(ms: number, listener: () => void): unknown
}

/** The listener that `nodeListener` returns. It gives a defect to `next`, where its host has one. */
export type NodeListener = (
  request: NodeRequest,
  response: NodeResponse,
  next?: (defect?: unknown) => void,
) => void

/** Milliseconds in which not a byte goes out, heartbeats included; then nobody reads any more. */
const deadAfter = 60_000

/** Waits until the response can take more, or is closed. */
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
    relay: StatusRelay,
    request: NodeRequest,
    response: NodeResponse,
    next: ((defect?: unknown) => void) | undefined,
  ): Answer =>
  answered => {
    const controller = new AbortController()
    let body: ReadableStreamDefaultReader<Uint8Array> | undefined

    const leave = (): void => {
      controller.abort()
      // Not by the signal alone: that of a `Request` is silent once the request was collected. A
      // stream that broke, of a defect, cannot be cancelled either.
      body?.cancel().catch(() => undefined)
    }

    const deliver = async (answer: Response): Promise<void> => {
      // More of a refused request may follow, which nobody reads.
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
    relay(requestOf(request, controller.signal)).then(
      answer =>
        deliver(answer).catch(() => {
          // A defect of `select`. The reader sees the connection break, and connects again.
          response.destroy()
        }),
      (defect: unknown) => {
        if (next === undefined) response.destroy()
        else next(defect)
      },
    )
    return leave
  }

/**
 * A relay as a listener of `node:http`, `node:https`, `node:http2` or Express. It writes no faster
 * than the reader reads, closes the stream when the reader leaves, and closes the connection of a
 * reader that has taken nothing for 60 s. It answers pipelined requests one after another.
 *
 * @example
 * createServer(nodeListener(relay)).listen(3000)
 */
export const nodeListener = (relay: StatusRelay): NodeListener => {
  const take = createTurns()
  // Middleware of h3 and Express is recognized by its third parameter.
  return (request, response, next) => {
    const answer = answerOf(relay, request, response, next)
    const { httpVersionMajor = 1, socket } = request
    // The streams of an HTTP/2 connection do not wait for each other, and each one closes.
    if (socket === undefined || httpVersionMajor > 1) answer(() => undefined)
    else take(socket, answer)
  }
}
