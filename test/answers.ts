import type { Either } from 'fp-ts/Either'
import { left, right } from 'fp-ts/Either'
import { map, type Observable } from 'rxjs'
import type { PushSource } from '../src/watch/push'
import type { Answer } from '../src/api/answer'
import { malformed, timedOut, unavailable, unreachable, type Failure } from '../src/failure/failure'
import type { CompletedUpload, FailedUpload, UploadStatus } from '../src/api/status'

export const ref = { account: 'acct_1', upload: 'ofapi_media_1' }

const prefixed_id = ref.upload

export const pending: UploadStatus = { status: 'pending', prefixed_id }
export const processing: UploadStatus = { status: 'processing', prefixed_id }
export const completed: CompletedUpload = { status: 'completed', prefixed_id, media: { id: 7 } }
export const failed: FailedUpload = { status: 'failed', prefixed_id, error: 'Given up.' }

/** An answer of the API, as the request stage emits it. */
export const answer = (
  status: number,
  body: unknown = null,
  headers: { readonly [name: string]: string } = {},
): Either<Failure, Answer> =>
  right({ status, header: name => headers[name] ?? null, body: right(body), receivedAt: 0 })

export const ok = (status: UploadStatus): Either<Failure, Answer> => answer(200, status)

/** A push source of statuses of the upload's account. */
export const pushing = (statuses$: Observable<UploadStatus>): PushSource => ({
  statuses$: statuses$.pipe(
    map(status => ({ account: ref.account, upload: status.prefixed_id, status })),
  ),
})

/** One failure of each kind that an attempt can have. */
export const troubles: { readonly [name: string]: Either<Failure, Answer> } = {
  unreachable: left(unreachable('ECONNRESET')),
  tls: left(unreachable('CERT_HAS_EXPIRED', true)),
  timedOut: left(timedOut('body', 10_000)),
  unavailable: answer(503),
  throttled: answer(429, null, { 'retry-after': '2' }),
  throttledBare: answer(429),
  rejected: answer(401, { error: 'Invalid API key.' }),
  notFound: answer(404, { error: 'No such upload.' }),
  unknown: answer(200, { status: 'archived', prefixed_id }),
  empty: answer(204),
  stranger: answer(200, { status: 'completed', prefixed_id: 'ofapi_media_2', media: { id: 7 } }),
  oversized: right({
    status: 200,
    header: () => null,
    body: left(malformed('oversized')),
    receivedAt: 0,
  }),
  html: right({ status: 200, header: () => null, body: left(unavailable(200)), receivedAt: 0 }),
}
