import type { Endpoint } from './route'

/** `{"status": "pending"}`, with the upload's id. */
export interface PendingAnswer {
  readonly kind: 'pending'
}

/** `{"status": "processing"}`, with the upload's id. */
export interface ProcessingAnswer {
  readonly kind: 'processing'
}

/** `{"status": "completed"}`, with the upload's id, its media and the credits used. */
export interface CompletedAnswer {
  readonly kind: 'completed'
  /** Whose shape the media has. @default the endpoint that started the upload, else `vault` */
  readonly endpoint?: Endpoint | undefined
}

/** `{"status": "failed"}`, with the upload's id and a sentence. */
export interface FailedAnswer {
  readonly kind: 'failed'
  readonly error: string
}

/** An error in the API's own form: `{"error": "...", "code"?: "..."}`. */
export interface ApiErrorAnswer {
  readonly kind: 'apiError'
  readonly status: number
  readonly error: string
  readonly code?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Any JSON object: an unknown status, another upload's id, a missing member. */
export interface JsonAnswer {
  readonly kind: 'json'
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A page such as an edge network shows in place of the API's answer. */
export interface HtmlAnswer {
  readonly kind: 'html'
  readonly status: number
}

/** Status, headers and body exactly as given; only a missing `Content-Length` is added. */
export interface ReplyAnswer {
  readonly kind: 'reply'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer that arrives whole, unless a fault is made of it; plain data, told apart by `kind`. */
export type WholeAnswer =
  | PendingAnswer
  | ProcessingAnswer
  | CompletedAnswer
  | FailedAnswer
  | ApiErrorAnswer
  | JsonAnswer
  | HtmlAnswer
  | ReplyAnswer

/** The upload is queued. */
export const pending = (): PendingAnswer => ({ kind: 'pending' })

/** The upload is in progress. */
export const processing = (): ProcessingAnswer => ({ kind: 'processing' })

/**
 * The upload is finished; the media has the shape of an endpoint.
 *
 * @example
 * completed('upload') // a CDN upload object
 */
export const completed = (endpoint?: Endpoint): CompletedAnswer =>
  endpoint === undefined ? { kind: 'completed' } : { kind: 'completed', endpoint }

/** The server has given up the upload, and says why in a sentence. */
export const failed = (error = 'Failed to download file from the provided URL.'): FailedAnswer => ({
  kind: 'failed',
  error,
})

/**
 * An error of the API with an HTTP status from 200 to 599.
 *
 * @example
 * apiError(429, 'Too many requests.', { headers: { 'Retry-After': '5' } })
 */
export const apiError = (
  status: number,
  error: string,
  {
    code,
    headers = {},
  }: {
    readonly code?: string | undefined
    readonly headers?: Readonly<Record<string, string>> | undefined
  } = {},
): ApiErrorAnswer => ({
  kind: 'apiError',
  status,
  error,
  headers,
  ...(code === undefined ? {} : { code }),
})

/**
 * A JSON object with an HTTP status from 200 to 599.
 *
 * @example
 * json(200, { status: 'archived', prefixed_id: 'ofapi_media_1' })
 */
export const json = (
  status: number,
  body: JsonAnswer['body'],
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer => ({ kind: 'json', status, body, headers })

/** An HTML error page with an HTTP status from 200 to 599. */
export const html = (status: number): HtmlAnswer => ({ kind: 'html', status })

/**
 * An answer written out by hand, with an HTTP status from 200 to 599.
 *
 * @example
 * reply(302, { Location: 'https://login.example/' })
 */
export const reply = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): ReplyAnswer => ({ kind: 'reply', status, headers, body })
