import { unreachable } from '../model/failure'
import { webReader, type Reader } from '../pipeline/body'
import { isRecord } from '../pipeline/json'
import { lazyAbortable, lightAbortable } from './nodeAbortable'
import { nodeReader, type NodeStream } from './nodeReader'
import type { Platform } from './platform'
import { transport } from './transport'

// Not only Node's own: npm's fetch has streams of another make.
const isNodeStream = (body: unknown): body is NodeStream =>
  isRecord(body) && typeof body['on'] === 'function'

/** The standard stream of Node's own fetch, or the Node stream of cross-fetch. */
const readerOf = (body: unknown): Reader | null =>
  isNodeStream(body) ? nodeReader(body) : webReader(body)

// Causes may go in a circle.
const codeOf = (error: unknown, depth = 0): string | null =>
  !isRecord(error) || depth > 8
    ? null
    : typeof error['code'] === 'string' && /^[A-Z][A-Z\d_]{1,63}$/.test(error['code'])
      ? error['code']
      : codeOf(error['cause'], depth + 1)

// OpenSSL's names for the ways in which a certificate is not accepted.
const certificate = /CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_|^HOSTNAME_MISMATCH$/

/** Node: cross-fetch, and the key from the environment. */
const node: Platform = {
  fetch: transport,
  abortable: (headers, fetch) => (fetch === transport ? lightAbortable : lazyAbortable)(headers),
  apiKey: () => process.env['ONLYFANSAPI_API_KEY'],
  activity$: undefined,
  readerOf,
  unreachable: error => {
    const code = codeOf(error) ?? 'UNKNOWN'
    return unreachable(code, certificate.test(code))
  },
}

export default node
