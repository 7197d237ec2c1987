import { BlockList, isIP } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

/** A proxy, and the variable that names it. */
export interface NamedProxy {
  readonly variable: string
  readonly address: string
}

/**
 * The proxy that curl uses for an address; null where it uses none.
 *
 * - The lower-case name of a variable comes first. `HTTP_PROXY` is not read: in a CGI program it
 *   holds whatever a client sent as the header `Proxy`.
 * - `NO_PROXY` is a list of names, which stand for their subdomains too, of addresses and of networks
 *   like `10.0.0.0/8`, each with or without a port; `*` stands for all.
 *
 * `proxy-from-env` reads `HTTP_PROXY`, and takes a name in `NO_PROXY` for that host alone.
 *
 * @see https://curl.se/docs/manpage.html#ENVIRONMENT
 */
export const proxyOf = (address: string, env: Environment): NamedProxy | null => {
  const { protocol, hostname, port } = new URL(address)
  const isSecure = protocol === 'https:'
  const variables = [...(isSecure ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy']), ...forAll]
  const variable = variables.find(name => env[name])
  if (variable === undefined) return null
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isExempt = (env['no_proxy'] || env['NO_PROXY'] || '')
    .split(/[\s,]+/)
    .some(entry => matches(entry, host, port || (isSecure ? '443' : '80')))
  return isExempt ? null : { variable, address: env[variable] ?? '' }
}

const forAll = ['all_proxy', 'ALL_PROXY']

/** Whether an entry of `NO_PROXY` stands for a host. */
const matches = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true
  const [, bracketed, plain = '', onlyPort = port] =
    /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
  const name = (bracketed ?? plain).replace(/^\*?\.|\.$/g, '')
  if (name === '' || onlyPort !== port) return false
  return isIP(host) === 0 ? `.${host}`.endsWith(`.${name}`) : inNetwork(name, host)
}

/** Whether an IP address is another one, however it is written, or in a network. */
const inNetwork = (network: string, host: string): boolean => {
  const [address = '', bits] = network.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const most = family === 'ipv6' ? 128 : 32
  const prefix = Number(bits ?? most)
  if (isIP(address) !== isIP(host) || !(Number.isInteger(prefix) && prefix >= 0 && prefix <= most))
    return false
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return list.check(host, family)
}
