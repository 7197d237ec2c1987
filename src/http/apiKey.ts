import type { Either } from 'fp-ts/Either'
import { callable } from '../failure/checked'
import * as E from '../failure/either'
import { invalidRequest, type InvalidRequest } from '../failure/failure'

/** Returns the key before each attempt; `null` sends none. */
export type ApiKey = () => string | null | undefined | PromiseLike<string | null | undefined>

const refused = (why: string): Either<InvalidRequest, never> =>
  E.left(invalidRequest('apiKey', why))

const missing = 'is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY'

/**
 * Reads the key and checks that it is legal in a header. The check precedes `fetch`, which would quote
 * an illegal header, including the key, in its error message.
 */
export const askKey = async (apiKey: ApiKey): Promise<Either<InvalidRequest, string | null>> => {
  try {
    const key: unknown = await apiKey()
    if (key === null) return E.right(null)
    return typeof key === 'string' && /^[!-~]+$/.test(key)
      ? E.right(key)
      : refused(key ? 'must be visible ASCII without spaces' : missing)
  } catch {
    return refused('could not be read: its function threw or rejected')
  }
}

/** Checks the option `apiKey` and returns a function that returns the key. */
export const checkedKey = (key: string | ApiKey | null): ApiKey => {
  if (key === null || typeof key === 'string') return () => key
  return callable(key, 'apiKey', '() => key, a string, or null')
}
