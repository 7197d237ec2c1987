/** The endpoint that started an upload. It decides the shape of the finished media. */
export type Endpoint = 'vault' | 'upload'

/** The status `pending`: `{"status": "pending", "prefixed_id": "..."}`. */
export interface PendingAnswer {
  readonly kind: 'pending'
}

/** The status `processing`: `{"status": "processing", "prefixed_id": "..."}`. */
export interface ProcessingAnswer {
  readonly kind: 'processing'
}

/** The status `completed`, with the upload's id, its media and the credits used. */
export interface CompletedAnswer {
  readonly kind: 'completed'
  /**
   * The endpoint whose media shape is used.
   *
   * @default the endpoint that started the upload; `vault` for a scripted upload
   */
  readonly endpoint?: Endpoint | undefined
  /**
   * The form of the previews of vault media: addresses, or objects with an address. With this option the
   * media is ready. By default it is not ready and has no previews, as in the vendor's example.
   */
  readonly previews?: 'urls' | 'objects' | undefined
  /**
   * Where the identity of the media is: as a string in `media.id`, or in `media_id` next to `media`
   * without an id. By default it is in `media.id`, with the type that the platform uses.
   */
  readonly mediaId?: 'string' | 'beside' | undefined
}

/** The status `failed`, with the upload's id and an error message. */
export interface FailedAnswer {
  readonly kind: 'failed'
  readonly error: string
}

/** An error in the format of the API: `{"error": "...", "code"?: "..."}`; see `errorMember`. */
export interface ApiErrorAnswer {
  readonly kind: 'apiError'
  readonly status: number
  readonly error: string
  readonly code?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Any JSON object, for example one with an unknown status or a missing member. */
export interface JsonAnswer {
  readonly kind: 'json'
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** An HTML error page, as an edge network sends it in place of the API's answer. */
export interface HtmlAnswer {
  readonly kind: 'html'
  readonly status: number
}

/** A status, headers and a body, sent as given. A missing `Content-Length` is added. */
export interface ReplyAnswer {
  readonly kind: 'reply'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A complete HTTP answer: plain data, a union on `kind`. */
export type WholeAnswer =
  | PendingAnswer
  | ProcessingAnswer
  | CompletedAnswer
  | FailedAnswer
  | ApiErrorAnswer
  | JsonAnswer
  | HtmlAnswer
  | ReplyAnswer

/**
 * Answers that the upload is queued.
 *
 * @example
 * sandbox.script('acct_1', [pending(), completed()])
 */
export const pending = (): PendingAnswer => ({ kind: 'pending' })

/**
 * Answers that the upload is in progress.
 *
 * @example
 * sandbox.script('acct_1', [times(3, processing()), completed()])
 */
export const processing = (): ProcessingAnswer => ({ kind: 'processing' })

/**
 * Answers that the upload is finished, with its media.
 *
 * @param variants forms of the media that occur in production; none by default
 *
 * @example
 * completed('upload') // a CDN upload object
 * completed('vault', { previews: 'objects', mediaId: 'string' })
 */
export const completed = (
  endpoint?: Endpoint,
  { previews, mediaId }: Pick<CompletedAnswer, 'previews' | 'mediaId'> = {},
): CompletedAnswer => ({
  kind: 'completed',
  ...(endpoint !== undefined && { endpoint }),
  ...(previews !== undefined && { previews }),
  ...(mediaId !== undefined && { mediaId }),
})

/**
 * Answers that the upload has failed, with an error message.
 *
 * @example
 * failed('The file is not a video.')
 */
export const failed = (error = 'Failed to download file from the provided URL.'): FailedAnswer => ({
  kind: 'failed',
  error,
})

/**
 * Answers with an API error and an HTTP status from 200 to 599.
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
 * Answers with any JSON object and an HTTP status from 200 to 599.
 *
 * @example
 * json(200, { status: 'archived', prefixed_id: 'ofapi_media_1' })
 */
export const json = (
  status: number,
  body: JsonAnswer['body'],
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer => ({ kind: 'json', status, body, headers })

/**
 * Answers with an HTML error page and an HTTP status from 200 to 599.
 *
 * @example
 * html(502)
 */
export const html = (status: number): HtmlAnswer => ({ kind: 'html', status })

/**
 * Answers with the given status (200 to 599), headers and body.
 *
 * @example
 * reply(302, { Location: 'https://login.example/' })
 */
export const reply = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): ReplyAnswer => ({ kind: 'reply', status, headers, body })
