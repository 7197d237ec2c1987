import { isRecord } from '../api/parseJson'
import { rejected, unreachable, type Rejected, type Unreachable } from '../failure/failure'
import { isShortage } from '../failure/match'
import { boundedSet } from './boundedSet'
import { isWrongCall, rootOf } from './wrongCall'

// Causes may go in a circle.
const findCode = (error: unknown, depth: number): string | null => {
  if (!isRecord(error) || depth > 8) return null
  const { code, cause, errors } = error
  if (Array.isArray(errors)) {
    // Of several addresses, one that a server refused says more than one that we could not use.
    const codes = errors.flatMap(each => findCode(each, depth + 1) ?? [])
    const found = codes.find(each => !isShortage(each)) ?? codes[0]
    if (found !== undefined) return found
  }
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{1,63}$/.test(code)
    ? code
    : findCode(cause, depth + 1)
}

/** The system's code of an error, or that of its cause. */
export const codeOf = (error: unknown): string => findCode(error, 0) ?? 'UNKNOWN'

// OpenSSL's names for the ways in which a certificate is not accepted.
const certificate = /CERT|UNABLE_TO_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|HOSTNAME_MISMATCH/

/** Hosts that answered over TLS: their certificate was accepted. */
const accepted = boundedSet(1_000)

/** The host of a URL over TLS, and its port; empty for all other URLs. */
const hostOf = (url: string): string => /^https:\/\/([^/?#]+)/i.exec(url)?.[1] ?? ''

/** Notes that the server of a URL answered. */
export const acceptHost = (url: string): void => {
  const host = hostOf(url)
  if (host !== '') accepted.add(host)
}

/** The messages of fetches for a network failure without a cause or a code. */
const network =
  /^(?:fetch failed|terminated|Failed to fetch|Load failed|Network|error (?:sending|reading))/i

// Deno and Bun run this file too, and have messages of their own.
export const isNode = (): boolean => !('Deno' in globalThis || 'Bun' in globalThis)

/**
 * In Node the two kinds of `TypeError` can be told apart: that of the network has a cause or a code
 * of the system. All others, and those that have a `TypeError` for a cause, are bugs. Bun gives codes
 * to both kinds, Deno to none.
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

// Node's own fetch rejects a 407, as the standard says. It is the one case without a message.
const isProxyRefusal = (error: unknown): boolean => {
  const cause = isRecord(error) ? error['cause'] : undefined
  return isRecord(cause) && cause['message'] === '' && !('code' in cause) && !('cause' in cause)
}

/** See {@link Platform}: what a rejected fetch, or a body that broke off, means. */
export const failureOf = (error: unknown, url: string): Unreachable | Rejected | null => {
  if (isBug(error)) return null
  if (isProxyRefusal(error)) return rejected(407)
  const code = codeOf(error)
  // Where it was accepted before, it is wrong for a moment.
  return unreachable(code, certificate.test(code) && !accepted.has(hostOf(url)))
}
