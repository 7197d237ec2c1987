/** Headers of an answer. */
type HeaderRecord = Readonly<Record<string, string>>

/** Milliseconds are not the unit here: seconds for which a browser need not ask again. */
const preflightAge = '7200'

const byOrigin = { vary: 'origin' }

/** Whether the request names a host that is listed, with the port or without. */
export const isForHost = ({ url }: Request, hosts: readonly string[] | undefined): boolean => {
  const { host, hostname } = new URL(url)
  return hosts === undefined || hosts.includes(host) || hosts.includes(hostname)
}

/** Whether a page of the relay's own origin asks, or a program that is no browser. */
const isOwn = ({ headers, url }: Request): boolean => {
  // Browsers say where a request comes from, and no page can change that.
  const site = headers.get('sec-fetch-site') ?? 'none'
  if (site !== 'same-origin' && site !== 'none') return false
  const origin = headers.get('origin')
  if (origin === null) return true
  const own = new URL(url)
  // The host of a URL that a server took from the request line may be anybody's.
  return origin === own.origin && (headers.get('host') ?? own.host) === own.host
}

/**
 * The CORS headers for the page that asks, or null if it gets no answer. Pages of the relay's own
 * origin and of those that are listed get one, and so do programs, which name no origin.
 */
export const corsOf = (request: Request, origins: readonly string[]): HeaderRecord | null => {
  const origin = request.headers.get('origin')
  if (origin !== null && origins.includes(origin))
    return {
      ...byOrigin,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    }
  return isOwn(request) ? byOrigin : null
}

/** Whether a browser asks if it may ask. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('access-control-request-method')

/** The answer to it. Pages of a listed origin may send the headers that they want to. */
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
