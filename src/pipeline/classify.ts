import type { Either } from 'fp-ts/Either'
import * as E from '../model/either'
import { malformed, rejected, throttled, unavailable, type Failure } from '../model/failure'
import type { UploadStatus } from '../model/uploadStatus'
import type { Answer } from './answer'
import { onOneLine } from '../model/onOneLine'
import { decodeStatus } from './decode'
import { isRecord } from './json'
import { retryAfter } from './retryAfter'

const members = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

/** The origin of an absolute `Location`. The rest of it may be a capability. */
const originOf = (location: string | null): string | null =>
  /^https?:\/\/[\w.:[\]-]+(?=[/?#]|$)/i.exec(location ?? '')?.[0] ?? null

const rejection = ({ status, header, body }: Answer): Failure => {
  if (status < 400) {
    const origin = originOf(header('location'))
    return rejected(status, null, origin === null ? 'a redirect' : `a redirect to ${origin}`)
  }
  const { error, code } = members(E.isRight(body) ? body.right : null)
  return rejected(
    status,
    typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : null,
    typeof error === 'string' ? onOneLine(error.slice(0, 300)) : null,
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

/** What an answer means for the upload that was asked for. */
export const classify = (upload: string, answer: Answer): Either<Failure, UploadStatus> => {
  const { status, body } = answer
  if (status === 200) return E.isLeft(body) ? body : decodeStatus(upload, body.right)
  if ((status > 200 && status < 300) || status === 304) return E.left(malformed('httpStatus'))
  if (status === 429) return E.left(throttling(answer))
  if (status === 408 || status === 425 || status >= 500)
    return E.left(unavailable(status, retryAfter(answer)))
  return E.left(rejection(answer))
}
