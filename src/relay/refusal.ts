import type { StreamRefused } from './relayEvent'

/** The text of each refusal. It gives no details, which could help an attacker. */
const sentences: Readonly<Record<RefusalStatus, string>> = {
  400: 'Bad request.',
  401: 'Unauthorized.',
  403: 'Forbidden.',
  404: 'Not found.',
  405: 'Method not allowed.',
  413: 'Content too large.',
  414: 'URI too long.',
  429: 'Too many streams.',
  431: 'Request header fields too large.',
  503: 'Service unavailable.',
}

/** The HTTP status of a refusal. */
export type RefusalStatus = StreamRefused['status']

/** Seconds that a refused reader should wait before the next request. */
const retryAfter = '5'

/** The response to a refused request. */
export const refusal = (
  status: RefusalStatus,
  headers: Readonly<Record<string, string>>,
): Response =>
  new Response(JSON.stringify({ error: sentences[status] }), {
    status,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(status === 405 && { allow: 'GET' }),
      ...((status === 429 || status === 503) && { 'retry-after': retryAfter }),
    },
  })
