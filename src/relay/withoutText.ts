import type { Expired, Failure } from '../failure/failure'

const ofAttempt = (failure: Exclude<Failure, Expired>): Exclude<Failure, Expired> => {
  switch (failure._tag) {
    case 'Rejected':
      return { ...failure, code: null, message: null }
    case 'Malformed':
      return { ...failure, problems: [], status: null }
    case 'Cancelled':
      return { ...failure, reason: 'aborted' }
    case 'InvalidRequest':
    case 'Unreachable':
    case 'TimedOut':
    case 'Throttled':
    case 'Unavailable':
      return failure
  }
}

const noId = { requestId: undefined }

/**
 * Returns a failure without texts from the server or from the relay's own program. A text could hold
 * a part of the key, such as "invalid key sk_live_...4711", which no redaction would recognize.
 */
export const withoutText = (failure: Failure): Failure =>
  failure._tag === 'Expired'
    ? { ...failure, ...noId, lastFailure: failure.lastFailure && ofAttempt(failure.lastFailure) }
    : { ...ofAttempt(failure), ...noId }
