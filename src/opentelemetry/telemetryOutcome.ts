import type { Attributes } from '@opentelemetry/api'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { AttemptFailed, Settled, StatusReceived, StatusUnknown } from '../watch/event'

/** The outcome of an attempt or a watch. The values of its attributes come from small closed sets. */
export interface Outcome {
  readonly attributes: Attributes
  /** The tag of the failure, or null. */
  readonly error: Failure['_tag'] | null
}

const succeeded = (word: string): Outcome => ({
  attributes: { 'upload_status.outcome': word },
  error: null,
})

/** The outcome of an attempt that a pause, a push or an unsubscribe ended. */
export const aborted = succeeded('aborted')

/** The outcome of a watch without subscribers. */
export const stopped = succeeded('stopped')

/** The HTTP status behind a failure, if there is one. */
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

/** Returns the outcome that an event reports. It never contains text from the server. */
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
