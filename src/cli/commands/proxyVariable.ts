import { BlockList, isIP } from 'node:net'

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The name of the variable that holds the proxy for an address, by curl's rules; null if there is
 * none.
 *
 * - The lower-case name wins. `HTTP_PROXY` is ignored: in a CGI program its value comes from the
 *   client's `Proxy` header.
 * - `NO_PROXY` lists host names (each includes its subdomains), IP addresses and networks like
 *   `10.0.0.0/8`, each with an optional port; `*` matches every host.
 *
 * Not the package `proxy-from-env`: it reads `HTTP_PROXY`, and its `NO_PROXY` names exclude
 * subdomains.
 *
 * @see https://curl.se/docs/manpage.html#ENVIRONMENT
 */
export const proxyVariable = (address: string, env: Environment): string | null => {
  const { protocol, hostname, port } = new URL(address)
  const isSecure = protocol === 'https:'
  const own = isSecure ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy']
  const variable = [...own, 'all_proxy', 'ALL_PROXY'].find(name => env[name])
  if (variable === undefined) return null
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isExcluded = (env['no_proxy'] || env['NO_PROXY'] || '')
    .split(/[\s,]+/)
    .some(entry => matchesHost(entry, host, port || (isSecure ? '443' : '80')))
  return isExcluded ? null : variable
}

/** Whether an entry of `NO_PROXY` matches a host and port. */
const matchesHost = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true
  const [, bracketed, plain = '', entryPort = port] =
    /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
  const name = (bracketed ?? plain).replace(/^\*?\.|\.$/g, '')
  if (name === '' || entryPort !== port) return false
  return isIP(host) === 0 ? `.${host}`.endsWith(`.${name}`) : isInNetwork(host, name)
}

/** Whether an IP address equals another one, in any notation, or belongs to a network. */
const isInNetwork = (host: string, network: string): boolean => {
  const [address = '', bits] = network.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const longestPrefix = family === 'ipv6' ? 128 : 32
  const prefix = Number(bits ?? longestPrefix)
  const isPrefix = Number.isInteger(prefix) && prefix >= 0 && prefix <= longestPrefix
  if (isIP(address) !== isIP(host) || !isPrefix) return false
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return list.check(host, family)
}
