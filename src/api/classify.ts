import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { malformed, rejected, throttled, unavailable, type Failure } from '../failure/failure'
import { safeSentence } from '../failure/safeText'
import type { Answer } from './answer'
import { decodeStatus } from './decode'
import { isPage } from './page'
import { isRecord } from './parseJson'
import { requestIdOf } from './answerHeaders'
import { retryAfter } from './retryAfter'
import type { UploadStatus } from './status'

const members = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

/** The origin of an absolute `Location`. The rest of the URL may be a secret. */
const originOf = (location: string | null): string | null =>
  /^https?:\/\/[\w.:[\]-]+(?=[/?#]|$)/i.exec(location ?? '')?.[0] ?? null

const rejection = ({ status, header, body }: Answer): Failure => {
  if (status < 400) {
    const origin = originOf(header('location'))
    return rejected(status, null, origin === null ? 'a redirect' : `a redirect to ${origin}`)
  }
  const { error, message, code } = members(E.isRight(body) ? body.right : null)
  const sentence = [error, message].find(text => typeof text === 'string' && text !== '')
  return rejected(
    status,
    typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : null,
    typeof sentence === 'string' ? safeSentence(sentence) : null,
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

/** Whether the service was unavailable. A page counts, except with a redirect, a 407 or a 429. */
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
 * Classifies the answer to a poll as a status of the upload or a failure. A failure gets the request id
 * of the answer, if it has one.
 */
export const classify = (upload: string, answer: Answer): Either<Failure, UploadStatus> => {
  const meaning = meaningOf(upload, answer)
  if (E.isRight(meaning)) return meaning
  const requestId = requestIdOf(answer)
  return requestId === undefined ? meaning : E.left({ ...meaning.left, requestId })
}
