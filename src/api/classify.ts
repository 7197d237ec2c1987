import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { malformed, rejected, throttled, unavailable, type Failure } from '../failure/failure'
import { safeSentence } from '../failure/safeText'
import type { Answer } from './answer'
import { decodeStatus } from './decode'
import { isPage } from './page'
import { isRecord } from './parseJson'
import { requestIdOf } from './requestId'
import { retryAfter } from './retryAfter'
import type { UploadStatus } from './status'

const members = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

/** The origin of an absolute `Location`. The rest of it may be a capability. */
const originOf = (location: string | null): string | null =>
  /^https?:\/\/[\w.:[\]-]+(?=[/?#]|$)/i.exec(location ?? '')?.[0] ?? null

const rejection = ({ status, header, body }: Answer): Failure => {
  if (status < 400) {
    const origin = originOf(header('location'))
    return rejected(status, null, origin === null ? 'a redirect' : `a redirect to ${origin}`)
  }
  const { error, message, code } = members(E.isRight(body) ? body.right : null)
  const said = [error, message].find(text => typeof text === 'string' && text !== '')
  return rejected(
    status,
    typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : null,
    typeof said === 'string' ? safeSentence(said) : null,
  )
}

const throttling = (answer: Answer): Failure => {
  const limits = members(
    members(members(E.isRight(answer.body) ? answer.body.right : null)['_meta'])['_rate_limits'],
  )
  return throttled(
    retryAfter(answer),
    limits['remaining_day'] === 0 ? 'day' : limits['remaining_minute'] === 0 ? 'minute' : null,
  )
}

/** Where a page is no answer of the API. A redirect, a 407 and a 429 mean the same with any body. */
const isUnavailable = ({ status }: Answer, page: boolean): boolean =>
  status === 408 ||
  status === 425 ||
  status >= 500 ||
  (page && (status < 300 || status >= 400) && status !== 407 && status !== 429)

const meaningOf = (upload: string, answer: Answer): Either<Failure, UploadStatus> => {
  const { status, body } = answer
  const page = isPage(answer)
  if (isUnavailable(answer, page)) return E.left(unavailable(status, retryAfter(answer), page))
  if (status === 200) return E.isLeft(body) ? body : decodeStatus(upload, body.right)
  if ((status > 0 && status < 300) || status === 304) return E.left(malformed('httpStatus'))
  return E.left(status === 429 ? throttling(answer) : rejection(answer))
}

/**
 * What an answer means for the upload that was asked for. A failure names the request, if the answer
 * did.
 */
export const classify = (upload: string, answer: Answer): Either<Failure, UploadStatus> => {
  const meaning = meaningOf(upload, answer)
  if (E.isRight(meaning)) return meaning
  const requestId = requestIdOf(answer)
  return requestId === undefined ? meaning : E.left({ ...meaning.left, requestId })
}
