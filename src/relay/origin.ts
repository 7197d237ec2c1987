/** Response headers. */
type HeaderRecord = Readonly<Record<string, string>>

/** Seconds (not ms) for which a browser may cache the preflight response. */
const preflightAge = '7200'

const varyByOrigin = { vary: 'origin' }

/** Whether `hosts` lists the host of the request, with or without its port. */
export const isForHost = ({ url }: Request, hosts: readonly string[] | undefined): boolean => {
  const { host, hostname } = new URL(url)
  return hosts === undefined || hosts.includes(host) || hosts.includes(hostname)
}

/** Whether the request comes from a page of the relay's own origin, or from a program. */
const isSameOrigin = ({ headers, url }: Request): boolean => {
  // Browsers set this header, and pages cannot change it.
  const site = headers.get('sec-fetch-site') ?? 'none'
  if (site !== 'same-origin' && site !== 'none') return false
  const origin = headers.get('origin')
  if (origin === null) return true
  const own = new URL(url)
  // A server may take the URL's host from the request line, which the client controls.
  return origin === own.origin && (headers.get('host') ?? own.host) === own.host
}

/**
 * Returns the CORS headers for a request, or null to refuse it. Pages of the relay's own origin and
 * of the listed origins are allowed, and so are programs, which send no origin.
 */
export const corsOf = (request: Request, origins: readonly string[]): HeaderRecord | null => {
  const origin = request.headers.get('origin')
  if (origin !== null && origins.includes(origin))
    return {
      ...varyByOrigin,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    }
  return isSameOrigin(request) ? varyByOrigin : null
}

/** Whether a request is a CORS preflight. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('access-control-request-method')

/** The response to a preflight. Pages of a listed origin may send any headers. */
export const preflightAnswer = ({ headers }: Request, cors: HeaderRecord): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...cors,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': headers.get('access-control-request-headers') ?? '',
      'access-control-max-age': preflightAge,
    },
  })
