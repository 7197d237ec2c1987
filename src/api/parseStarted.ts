import type { Either } from 'fp-ts/Either'
import * as t from 'io-ts'
import * as E from '../failure/either'
import { malformed, type Failure } from '../failure/failure'
import { classify } from './classify'
import { parsePollingUrl } from './endpoint'
import { FanslyMedia } from './fanslyMedia'
import { CdnMedia, VaultMedia } from './media'
import { nonEmpty } from './mediaIdentity'
import { isRecord } from './parseJson'
import type { UploadRef } from './uploadRef'

/** The upload was accepted and can be watched. */
export interface Accepted {
  readonly _tag: 'Accepted'
  readonly ref: UploadRef
}

/** The upload is already completed, so there is nothing to watch. */
export interface Finished {
  readonly _tag: 'Finished'
  readonly media: VaultMedia | CdnMedia | FanslyMedia
}

const identified = t.union([VaultMedia, CdnMedia, t.type({ id: nonEmpty })])
const media = t.union([VaultMedia, CdnMedia, FanslyMedia])

const shape = (path: string, expected: string): Either<Failure, never> =>
  E.left(malformed('shape', [{ path, expected }]))

/** Reads the media of a `200`: the body's `media`, or its `data`, or the body itself. */
const finished = (body: unknown): Either<Failure, Finished> => {
  const { media: inner, data } = isRecord(body) ? body : {}
  const found = [inner, data, body].find(isRecord)
  return identified.is(found) && media.is(found)
    ? E.right({ _tag: 'Finished', media: found })
    : shape('media', 'a finished media')
}

/**
 * Parses the answer to a POST that starts an upload: the upload to watch, or the finished media.
 *
 * - `202`, and `200` with a `polling_url`: `Accepted`. The URL must be under `baseUrl`; see
 *   `parsePollingUrl`.
 * - `200`: `Finished`. Without `async`, and sometimes with it, the POST itself returns the media.
 * - Anything else is the same `Failure` as for a poll, for example `Rejected` with 402 for too few
 *   credits. Never repeat a POST automatically: each one that arrives is billed.
 *
 * @param answer the HTTP status and the parsed JSON of the body
 * @param options.baseUrl the base URL of the API, as passed to the watch; by default the vendor's
 *
 * @example
 * const post = async (url: string, form: FormData) => {
 *   const response = await fetch(url, { method: 'POST', body: form })
 *   return parseStarted({ status: response.status, body: await response.json() })
 * }
 */
export const parseStarted = (
  { status, body }: { readonly status: number; readonly body: unknown },
  options: { readonly baseUrl?: string | undefined } = {},
): Either<Failure, Accepted | Finished> => {
  const { polling_url, prefixed_id } = isRecord(body) ? body : {}
  if (status === 202 || (status === 200 && typeof polling_url === 'string')) {
    const ref = parsePollingUrl(polling_url, options)
    if (E.isLeft(ref)) return ref
    return prefixed_id === undefined || prefixed_id === ref.right.upload
      ? E.right({ _tag: 'Accepted', ref: ref.right })
      : shape('prefixed_id', 'the upload of the polling_url')
  }
  if (status === 200) return finished(body)
  const answer = { status, header: () => null, body: E.right(body), receivedAt: NaN }
  const failure = classify('', answer)
  return E.isLeft(failure) ? failure : finished(body)
}
