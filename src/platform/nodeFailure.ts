import { isRecord } from '../api/parseJson'
import { rejected, unreachable, type Rejected, type Unreachable } from '../failure/failure'
import { isShortage } from '../failure/match'
import { boundedSet } from './boundedSet'
import { isNode } from './isNode'
import { isWrongCall, rootOf } from './wrongCall'

// Causes may be circular.
const findCode = (error: unknown, depth: number): string | null => {
  if (!isRecord(error) || depth > 8) return null
  const { name, code, cause, errors } = error
  if (Array.isArray(errors)) {
    // With several addresses, a refused connection says more than a local shortage.
    const codes = errors.flatMap(each => findCode(each, depth + 1) ?? [])
    const found = codes.find(each => !isShortage(each)) ?? codes[0]
    if (found !== undefined) return found
  }
  if (typeof code === 'string' && /^[A-Z][A-Z\d_]{1,63}$/.test(code)) return code
  // The error of Node's own fetch since Node 24: its code should name what the parser rejected.
  if (name === 'HTTPParserError') return 'HPE_UNKNOWN'
  return findCode(cause, depth + 1)
}

/** Returns the system code of an error or of its cause, or `UNKNOWN`. */
export const codeOf = (error: unknown): string => findCode(error, 0) ?? 'UNKNOWN'

// OpenSSL's codes for a certificate that is not accepted.
const certificate = /CERT|UNABLE_TO_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|HOSTNAME_MISMATCH/

/** The hosts that have answered over TLS, so their certificate was accepted. */
const accepted = boundedSet(1_000)

/** The host and port of an https URL; empty for any other URL. */
const hostOf = (url: string): string => /^https:\/\/([^/?#]+)/i.exec(url)?.[1] ?? ''

/** Records that the host of a URL has answered. */
export const acceptHost = (url: string): void => {
  const host = hostOf(url)
  if (host !== '') accepted.add(host)
}

/** The messages with which fetches report a network failure without a cause or a code. */
const network =
  /^(?:fetch failed|terminated|Failed to fetch|Load failed|Network|error (?:sending|reading))/i

/**
 * Whether an error is a bug. In Node a `TypeError` of the network has a cause or a system code; any
 * other one, and one caused by a `TypeError`, is a bug. Bun gives both kinds a code, Deno neither.
 */
const isBug = (error: unknown): boolean => {
  const root = rootOf(error)
  if (!isRecord(root)) return false
  const { name, code, message } = root
  if (!isNode()) return isWrongCall(root) || String(code).startsWith('ERR_INVALID_')
  return (
    name === 'ReferenceError' ||
    (name === 'TypeError' &&
      (typeof code !== 'string' || code.startsWith('ERR_')) &&
      !network.test(String(message)))
  )
}

// Node's own fetch rejects on a 407, as the standard demands. Only then is the message empty.
const isProxyRefusal = (error: unknown): boolean => {
  const cause = isRecord(error) ? error['cause'] : undefined
  return isRecord(cause) && cause['message'] === '' && !('code' in cause) && !('cause' in cause)
}

/** Implements `failureOf` of {@link Platform}. */
export const failureOf = (error: unknown, url: string): Unreachable | Rejected | null => {
  if (isBug(error)) return null
  if (isProxyRefusal(error)) return rejected(407)
  const code = codeOf(error)
  // If the certificate was accepted before, the problem is temporary.
  return unreachable(code, certificate.test(code) && !accepted.has(hostOf(url)))
}
