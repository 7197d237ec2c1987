import type { Either } from 'fp-ts/Either'
import crossFetch from 'cross-fetch'
import * as E from 'fp-ts/lib/Either.js'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import type { Fetch } from '../../pipeline/fetch'
import { proxyOf, type NamedProxy } from './proxyVariable'

/**
 * The fetch for requests to `baseUrl`: by the proxy that the environment names for it, or undefined
 * where it names none. A `Left` never repeats the proxy's address, which may hold a password.
 */
export const proxyFetch = (
  baseUrl: string,
  env: NodeJS.ProcessEnv,
): Either<string, Fetch | undefined> => {
  const named = proxyOf(baseUrl, env)
  return named === null
    ? E.right(undefined)
    : E.map((proxy: Proxy) => fetchBy(proxy, baseUrl))(parse(named))
}

/** Where a proxy is, and the header by which it knows us. */
interface Proxy {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

// curl takes an address without a scheme for that of an http proxy.
const parse = ({ variable, address }: NamedProxy): Either<string, Proxy> => {
  const refused = E.left(`${variable} must be the address of an http or https proxy`)
  try {
    const url = new URL(address.includes('://') ? address : `http://${address}`)
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    // The agents write the address to a debug log, and get it without the credentials.
    url.username = ''
    url.password = ''
    if (!/^https?:$/.test(url.protocol)) return refused
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    const headers = credentials === ':' ? {} : { 'Proxy-Authorization': authorization }
    return E.right({ url, headers })
  } catch {
    return refused
  }
}

/** A tunnel for https; for http the proxy makes the request. */
const fetchBy = ({ url: proxy, headers }: Proxy, baseUrl: string): Fetch => {
  const options = { keepAlive: true, headers: { ...headers } }
  const agent = baseUrl.startsWith('https:')
    ? new HttpsProxyAgent(proxy, options)
    : new HttpProxyAgent(proxy, options)
  return (url, init) => {
    const byProxy = { ...init, agent }
    return crossFetch(url, byProxy)
  }
}
