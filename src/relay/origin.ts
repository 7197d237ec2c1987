/** Headers of an answer. */
type HeaderRecord = Readonly<Record<string, string>>

/** Milliseconds are not the unit here: seconds for which a browser need not ask again. */
const preflightAge = '7200'

const byOrigin = { vary: 'origin' }

/**
 * The CORS headers for whoever asks, or null where its pages may not be answered. Pages of the
 * relay's own origin and those that are listed may; so may programs that are no browsers, which
 * name no origin.
 */
export const corsOf = (request: Request, origins: readonly string[]): HeaderRecord | null => {
  const origin = request.headers.get('origin')
  if (origin === null)
    // Browsers name no origin where they need not, but say whence the request comes.
    return /^(same-origin|none)?$/.test(request.headers.get('sec-fetch-site') ?? '')
      ? byOrigin
      : null
  if (origins.includes(origin))
    return {
      ...byOrigin,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    }
  return origin === new URL(request.url).origin ? byOrigin : null
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
