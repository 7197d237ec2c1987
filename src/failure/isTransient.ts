import type { Failure } from './failure'

/**
 * Whether another attempt may succeed. After an answer that breaks the contract it may, unless the
 * answer was too large to read.
 */
export const isTransient = (failure: Failure): boolean => {
  switch (failure._tag) {
    case 'Unreachable':
      return !failure.tls
    case 'Malformed':
      return failure.reason !== 'oversized'
    case 'TimedOut':
    case 'Throttled':
    case 'Unavailable':
      return true
    case 'InvalidRequest':
    case 'Rejected':
    case 'Expired':
    case 'Cancelled':
      return false
  }
}

/** This machine has no file descriptor, port or buffer left for one more connection. */
const shortages: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']

/**
 * Whether the code of an `Unreachable` says that this machine lacks the resources for a connection.
 * Nothing reached the server, so this says nothing about it.
 */
export const isShortage = (code: string): boolean => shortages.includes(code)
