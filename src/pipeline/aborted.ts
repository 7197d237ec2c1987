import { isRecord } from './json'

/** The reason that was given to `abort()`, as text. */
export const reasonOf = (signal: AbortSignal | undefined): string => {
  const reason: unknown = signal?.reason
  const said = isRecord(reason) ? reason['message'] : reason
  return typeof said === 'string' ? said : 'aborted'
}
