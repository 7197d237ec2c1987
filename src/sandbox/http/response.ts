import type { JsonObject } from '../platform/imitatedPlatform'

/** A complete HTTP response. */
export interface HttpResponse {
  readonly status: number
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Creates a JSON response. */
export const jsonResponse = (
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** The body of an error response. */
export interface ErrorBody {
  readonly error: string
  readonly code?: string | undefined
}

/** The member of an error body that holds its sentence. */
export type ErrorMember = 'error' | 'message'

/** Creates an error response: a sentence and, for some errors, a code. */
export const errorResponse = (
  member: ErrorMember,
  status: number,
  { error, code }: ErrorBody,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse =>
  jsonResponse(status, { [member]: error, ...(code !== undefined && { code }) }, headers)

/** Creates an HTML error page, as an edge network sends it. */
export const errorPage = (status: number, code: number = status): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: `<!DOCTYPE html>
<html lang="en">
<head><title>sandbox.example | ${String(code)}</title></head>
<body><h1>Error ${String(code)}</h1><p>The edge network says this, not the API.</p></body>
</html>
`,
})

/** Creates the page of an edge network that locks a client out: error 1015 with a 429. */
export const lockoutPage = (retryAfter: number): HttpResponse => {
  const page = errorPage(429, 1_015)
  return { ...page, headers: { ...page.headers, 'retry-after': String(retryAfter) } }
}
