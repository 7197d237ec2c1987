/**
 * A client as a generator makes it from the published description, in the way of the vendor's SDK:
 * one method for each operation, every member optional, `status` any string, nothing checked at run
 * time, and two retries by default, of a POST too.
 */
interface ClientOptions {
  readonly apiKey: string
  readonly baseURL: string
  /** @default 2 */
  readonly maxRetries?: number
  readonly fetch?: typeof fetch
}

interface UploadParams {
  readonly async?: boolean
  readonly file?: File
  readonly file_url?: string
  readonly type?: 'default' | 'avatar' | 'header'
}

interface UploadResponse {
  readonly status?: string
  readonly prefixed_id?: string
  readonly polling_url?: string
  readonly file_name?: string
  readonly note?: string
}

interface VaultUploadResponse {
  readonly status?: string
  readonly prefixed_id?: string
  readonly polling_url?: string
  readonly data?: { readonly id?: number; readonly type?: string }
}

interface UploadGetStatusResponse {
  readonly status?: string
  readonly prefixed_id?: string
  readonly error?: string
  readonly credits_used?: number
  readonly media?: Readonly<Record<string, unknown>>
}

/** The error for an answer without success. */
class APIError extends Error {
  constructor(
    readonly status: number,
    readonly error: unknown,
    readonly headers: Headers,
  ) {
    super(`${String(status)} ${JSON.stringify(error)}`)
  }
}

/** The generated client: `client.media.upload`, `client.media.vault.upload` and `getStatus`. */
export interface GeneratedClient {
  readonly media: {
    readonly upload: (account: string, body: UploadParams) => Promise<UploadResponse>
    readonly vault: {
      readonly upload: (
        account: string,
        body: Omit<UploadParams, 'type'>,
      ) => Promise<VaultUploadResponse>
    }
    readonly uploads: {
      readonly getStatus: (
        upload: string,
        params: { readonly account: string },
      ) => Promise<UploadGetStatusResponse>
    }
  }
}

const encode = encodeURIComponent

/** A generated client writes every body of a multipart operation as a form. */
const formOf = ({ file, async, ...texts }: UploadParams): FormData => {
  const form = new FormData()
  if (file !== undefined) form.append('file', file)
  if (async !== undefined) form.append('async', String(async))
  for (const [name, text] of Object.entries(texts)) form.append(name, text)
  return form
}

const isRetried = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500

/** Creates the client. */
export const createGeneratedClient = (options: ClientOptions): GeneratedClient => {
  const { apiKey, baseURL, maxRetries = 2, fetch: send = fetch } = options
  const attempt = async (path: string, init: RequestInit, retry: number): Promise<Response> => {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${apiKey}`,
      'x-stainless-lang': 'js',
      'x-stainless-retry-count': String(retry),
    }
    try {
      const response = await send(new URL(path, baseURL), { ...init, headers })
      if (retry >= maxRetries || !isRetried(response.status)) return response
      await response.body?.cancel()
    } catch (cause) {
      if (retry >= maxRetries) throw cause
    }
    return attempt(path, init, retry + 1)
  }
  const request = async <A>(path: string, init: RequestInit): Promise<A> => {
    const response = await attempt(path, init, 0)
    const json: unknown = await response.json()
    if (!response.ok) throw new APIError(response.status, json, response.headers)
    // Nothing is checked, as in the vendor's SDK.
    return json as A
  }
  return {
    media: {
      upload: (account, body) =>
        request(`/api/${encode(account)}/media/upload`, { method: 'POST', body: formOf(body) }),
      vault: {
        upload: (account, body) =>
          request(`/api/${encode(account)}/media/vault`, { method: 'POST', body: formOf(body) }),
      },
      uploads: {
        getStatus: (upload, { account }) =>
          request(`/api/${encode(account)}/media/uploads/${encode(upload)}/status`, {
            method: 'GET',
          }),
      },
    },
  }
}
