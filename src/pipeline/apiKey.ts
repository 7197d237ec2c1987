import type { Either } from 'fp-ts/Either'
import * as E from '../model/either'
import { invalidRequest, type InvalidRequest } from '../model/failure'

/** Gives the key before each attempt; `null` sends none. */
export type ApiKey = () => string | null | undefined | PromiseLike<string | null | undefined>

const refused = (why: string): Either<InvalidRequest, never> =>
  E.left(invalidRequest('apiKey', why))

type Asked = Either<InvalidRequest, string | null>

const failedToGive = (): Asked => refused('could not be had: its function failed')

const checked = (key: unknown): Asked => {
  if (key === null) return E.right(null)
  return typeof key === 'string' && /^[!-~]+$/.test(key)
    ? E.right(key)
    : refused(key ? 'must be visible ASCII without spaces' : 'is missing')
}

const isPromise = (key: ReturnType<ApiKey>): key is PromiseLike<string | null | undefined> =>
  typeof key === 'object' && key !== null && 'then' in key

/**
 * Asks for the key and checks that it may stand in a header. The check comes before `fetch`, which
 * would put an illegal header, key and all, into the text of its error. Only a key that is promised
 * is waited for.
 */
export const askKey = (apiKey: ApiKey): Asked | Promise<Asked> => {
  try {
    const key = apiKey()
    return isPromise(key) ? Promise.resolve(key).then(checked).catch(failedToGive) : checked(key)
  } catch {
    return failedToGive()
  }
}

// Nearly always it is the key of the request before.
let latest: { readonly key: string; readonly redact: (text: string) => string } | null = null

/**
 * Takes the key out of a text: as it is, as a URL writes it, and as JSON within the text does. In
 * either case, because a URL writes host names in small letters.
 */
export const redactor = (key: string | null): ((text: string) => string) => {
  if (key === null) return text => text
  if (latest?.key !== key) {
    const forms = [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)]
    const pattern = new RegExp(forms.map(form => form.replace(/\W/g, '\\$&')).join('|'), 'gi')
    latest = { key, redact: text => text.replace(pattern, '[key]') }
  }
  return latest.redact
}
