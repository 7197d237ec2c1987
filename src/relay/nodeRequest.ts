import { nodeBody, type NodeBody } from './nodeBody'
import type { NodeConnection } from './turns'

/** What is read of an `IncomingMessage` of `node:http` or of `node:http2`. */
export interface NodeRequest extends NodeBody {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly httpVersionMajor?: number | undefined
  readonly socket?: NodeConnection | undefined
}

/**
 * A path on the host that was asked, or what a router leaves of it: a query. Two slashes, or a
 * backslash, would name another host.
 */
const isPath = (target: string): boolean => /^(\/(?![/\\])|\?|$)/.test(target)

/** A host and perhaps a port, and nothing of a URL around them. */
const isHost = (host: string): boolean => /^[^\s/\\?#@]+$/.test(host)

/** The relay answers this one with 400. */
const unreadable = (signal: AbortSignal): Request =>
  new Request('http://relay.invalid/', { signal })

/**
 * Makes a WHATWG request, always for the host that was asked. A request target that is no path, like
 * `//other.example/` or a whole URL, gives a request for nothing.
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
    if (!isPath(url) || !isHost(host)) return unreadable(signal)
    const scheme = socket?.encrypted === true ? 'https' : 'http'
    const address = `${scheme}://${host}${url}`
    if (/^(GET|HEAD)$/.test(method)) return new Request(address, { method, headers, signal })
    const init = { method, headers, signal, body: nodeBody(message), duplex: 'half' }
    const request = new Request(address, init)
    // A middleware read it: then it counts as used.
    if (message.readableDidRead === true) void request.body?.cancel()
    return request
  } catch {
    return unreadable(signal)
  }
}
