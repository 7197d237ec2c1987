import type { RateLimits } from './requestCount'

/** A complete HTTP response. */
export interface HttpResponse {
  readonly status: number
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The members of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Creates a JSON response as the API sends it: with `_meta._rate_limits` if there is a limit. A body
 * that has its own `_meta` keeps it.
 */
export const jsonResponse = (
  status: number,
  body: JsonObject,
  limits: RateLimits | null,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(
    limits === null || '_meta' in body ? body : { ...body, _meta: { _rate_limits: limits } },
  ),
})

/** The body of an error response. */
export interface ErrorBody {
  readonly error: string
  readonly code?: string | undefined
}

/** Creates an error response as the API sends it: a message and, for some errors, a code. */
export const errorResponse = (
  status: number,
  { error, code }: ErrorBody,
  limits: RateLimits | null,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse =>
  jsonResponse(status, code === undefined ? { error } : { error, code }, limits, headers)

/** Creates an HTML error page, as an edge network sends it. */
export const errorPage = (status: number): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: `<!DOCTYPE html>
<html lang="en">
<head><title>sandbox.example | ${String(status)}</title></head>
<body><h1>Error ${String(status)}</h1><p>The edge network says this, not the API.</p></body>
</html>
`,
})
