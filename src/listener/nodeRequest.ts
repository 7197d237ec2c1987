import { nodeBody, type NodeBody } from './nodeBody'
import type { NodeConnection } from './turns'

/** The members of an `IncomingMessage` of `node:http` or `node:http2` that the listener reads. */
export interface NodeRequest extends NodeBody {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Names and values, alternating. */
  readonly rawHeaders: readonly string[]
  readonly httpVersionMajor?: number | undefined
  readonly socket?: NodeConnection | undefined
}

/**
 * Whether a request target is a path on the requested host, or the query that a router leaves of
 * it. Two leading slashes, or a backslash, would name another host.
 */
const isPath = (target: string): boolean => /^(\/(?![/\\])|\?|$)/.test(target)

/** Whether a value is a host with an optional port, and no other part of a URL. */
const isHost = (host: string): boolean => /^[^\s/\\?#@]+$/.test(host)

/** A request with nothing in it, which every handler refuses. */
const emptyRequest = (signal: AbortSignal): Request =>
  new Request('http://relay.invalid/', { signal })

/**
 * Creates a WHATWG request, always for the requested host. A request target that is not a path, such
 * as `//other.example/` or a full URL, results in an empty request.
 */
export const requestOf = (message: NodeRequest, signal: AbortSignal): Request => {
  const { method = 'GET', url = '', rawHeaders, socket } = message
  try {
    const headers = new Headers()
    let authority: string | null = null
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
      // HTTP/2 sends the method, the path and the host as headers with a colon.
      if (name === ':authority') authority = value
      else if (!name.startsWith(':')) headers.append(name, value)
    }
    const host = authority ?? headers.get('host') ?? 'relay.invalid'
    if (!isPath(url) || !isHost(host)) return emptyRequest(signal)
    const scheme = socket?.encrypted === true ? 'https' : 'http'
    const address = `${scheme}://${host}${url}`
    if (/^(GET|HEAD)$/.test(method)) return new Request(address, { method, headers, signal })
    const init = { method, headers, signal, body: nodeBody(message), duplex: 'half' }
    const request = new Request(address, init)
    // If a middleware has already read the body, marks it as used.
    if (message.readableDidRead === true) void request.body?.cancel()
    return request
  } catch {
    return emptyRequest(signal)
  }
}
