import type { StatusRelay } from './createStatusRelay'

/** What is read of Node's `IncomingMessage`. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
}

/** What is done with Node's `ServerResponse`. */
export interface NodeResponse {
  shouldKeepAlive: boolean
  readonly destroyed: boolean
  writeHead(status: number, headers: Record<string, string>): unknown
  flushHeaders(): void
  write(chunk: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  once(event: 'close' | 'drain', listener: () => void): unknown
  off(event: 'close' | 'drain', listener: () => void): unknown
  setTimeout(ms: number, listener: () => void): unknown
}

/** Milliseconds in which not a byte goes out, heartbeats included; then nobody reads any more. */
const deadAfter = 60_000

/** A request with nothing in it, as the relay judges those that no WHATWG request can be made of. */
const unreadable = (signal: AbortSignal): Request =>
  new Request('http://relay.invalid/', { signal })

const requestOf = ({ method, url, rawHeaders }: NodeRequest, signal: AbortSignal): Request => {
  try {
    const headers = new Headers()
    for (let at = 0; at + 1 < rawHeaders.length; at += 2)
      headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
    const { href } = new URL(url ?? '', `http://${headers.get('host') ?? 'relay.invalid'}`)
    return new Request(href, { method: method ?? 'GET', headers, signal })
  } catch {
    return unreadable(signal)
  }
}

/** When what was written has gone out, or nobody is there to take it. */
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

const deliver = async (answer: Response, response: NodeResponse): Promise<void> => {
  // Of a request that is refused there may be more to come, which nobody reads.
  if (!answer.ok) response.shouldKeepAlive = false
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.flushHeaders()
  const reader = answer.body?.getReader()
  // Not by the signal alone: that of a `Request` says nothing any more once the request was collected.
  response.once('close', () => {
    // A stream that broke, of a defect, cannot be cancelled either.
    reader?.cancel().catch(() => undefined)
  })
  for (;;) {
    const { value } = (await reader?.read()) ?? {}
    if (value === undefined || response.destroyed) break
    if (!response.write(value)) await drained(response)
  }
  response.end()
}

/**
 * A relay as a listener of `node:http`, `node:https` or Express. It writes no faster than the reader
 * reads, closes the stream when the reader leaves, and closes the connection of a reader that has
 * taken nothing for 60 s.
 *
 * @example
 * createServer(nodeListener(relay)).listen(3000)
 */
export const nodeListener =
  (relay: StatusRelay): ((request: NodeRequest, response: NodeResponse) => void) =>
  (request, response) => {
    const controller = new AbortController()
    response.once('close', () => {
      controller.abort()
    })
    response.setTimeout(deadAfter, () => {
      response.destroy()
    })
    relay(requestOf(request, controller.signal))
      .then(answer => deliver(answer, response))
      .catch(() => {
        // A defect of `select` or `callerOf`. The reader sees the connection break, and comes back.
        response.destroy()
      })
  }
