import crossFetch from 'cross-fetch'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import type { Fetch } from '../../http/fetch'
import { closingOnIdleData } from '../../platform/nodeIdleConnections'
import { proxyVariable, type Environment } from './proxyVariable'

/**
 * A fetch that sends requests for `baseUrl` through the proxy of the environment; undefined if there
 * is no proxy. A `Left` never holds the proxy's address, because it may contain a password.
 */
export const proxyFetch = (
  baseUrl: string,
  env: Environment,
): Either<string, Fetch | undefined> => {
  const variable = proxyVariable(baseUrl, env)
  return variable === null
    ? E.right(undefined)
    : E.map((proxy: Proxy) => fetchThrough(proxy, baseUrl))(parseProxy(variable, env))
}

/** The address of a proxy, and the header with our credentials. */
interface Proxy {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

const parseProxy = (variable: string, env: Environment): Either<string, Proxy> => {
  const invalid = E.left(
    `${variable} must be the address of an http or https proxy, like http://proxy.example:3128`,
  )
  const address = env[variable] ?? ''
  try {
    // Like curl: an address without a scheme is an http proxy.
    const url = new URL(address.includes('://') ? address : `http://${address}`)
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    // The agents write the address to a debug log, so it must not hold the credentials.
    url.username = ''
    url.password = ''
    if (!/^https?:$/.test(url.protocol)) return invalid
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    const headers = credentials === ':' ? {} : { 'Proxy-Authorization': authorization }
    return E.right({ url, headers })
  } catch {
    return invalid
  }
}

/** For https the proxy opens a tunnel; for http it makes the request. */
const fetchThrough = ({ url: proxy, headers }: Proxy, baseUrl: string): Fetch => {
  const options = { keepAlive: true, headers: { ...headers } }
  const agent = closingOnIdleData(
    baseUrl.startsWith('https:')
      ? new HttpsProxyAgent(proxy, options)
      : new HttpProxyAgent(proxy, options),
  )
  return (url, init) => {
    const withAgent = { ...init, agent }
    return crossFetch(url, withAgent)
  }
}
