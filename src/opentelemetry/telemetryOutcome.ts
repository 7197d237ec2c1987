import type { Attributes } from '@opentelemetry/api'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { AttemptFailed, Settled, StatusReceived, StatusUnknown } from '../watch/event'

/** The end of an attempt or of a watch. All values of its attributes come from small closed sets. */
export interface Outcome {
  readonly attributes: Attributes
  /** The kind of the failure, if it is one. */
  readonly error: Failure['_tag'] | null
}

const succeeded = (word: string): Outcome => ({
  attributes: { 'upload_status.outcome': word },
  error: null,
})

/** A pause, a push or a subscriber that left ended the attempt. */
export const aborted = succeeded('aborted')

/** Nobody watches any more. */
export const stopped = succeeded('stopped')

/** The HTTP status that a failure was read from, if it was. */
const httpStatusOf = (failure: Failure): number | undefined => {
  switch (failure._tag) {
    case 'Rejected':
    case 'Unavailable':
      return failure.status
    case 'Throttled':
      return 429
    default:
      return undefined
  }
}

const failed = (failure: Failure): Outcome => {
  const status = httpStatusOf(failure)
  return {
    attributes: {
      'upload_status.outcome': 'error',
      'error.type': failure._tag,
      ...(status !== undefined && { 'http.response.status_code': status }),
    },
    error: failure._tag,
  }
}

/** The outcome that an event reports. A word that the server wrote is never part of it. */
export const outcomeOf = (
  event: StatusReceived | StatusUnknown | AttemptFailed | Settled,
): Outcome => {
  switch (event._tag) {
    case 'StatusReceived':
      return succeeded(event.status)
    case 'StatusUnknown':
      return succeeded('unknown')
    case 'AttemptFailed':
      return failed(event.failure)
    case 'Settled':
      return E.isLeft(event.value) ? failed(event.value.left) : succeeded(event.value.right.status)
  }
}
