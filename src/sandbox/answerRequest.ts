import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { admit, type RateLimits, type RateWindow } from './http/requestCount'
import { errorResponse } from './http/response'
import { parseRoute, type Route } from './http/route'
import { respondWith, sendResponse, statusOf, type PlannedResponse } from './http/sendResponse'
import type { SandboxEvent } from './journal'
import { pollUpload } from './pollUpload'
import type { SandboxState } from './sandboxState'
import { startUpload } from './startUpload'

/**
 * Creates the request listener of a sandbox. It notifies before it sends the first byte, so a client
 * that has an answer finds it in the journal. A bug in the sandbox is a 500 and a warning.
 */
export const requestListener = (
  state: SandboxState,
  notify: (event: SandboxEvent) => void,
): RequestListener => {
  const answer = requestAnswerer(state)
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? ''
    const route = parseRoute(method, request.url ?? '')
    const planned = await answer(request, route).catch((defect: unknown): PlannedResponse => {
      notify({ kind: 'warning', message: `defect in the sandbox: ${String(defect)}` })
      return respondWith(errorResponse(500, { error: 'The sandbox is broken.' }, null))
    })
    notify({
      kind: 'request',
      method,
      path: route.path,
      upload: planned?.upload ?? null,
      status: planned && statusOf(planned.delivery),
      at: state.settings.clock(),
    })
    if (planned !== null) sendResponse(planned, response, state.settings.framing)
  }
  return (request, response) => void serve(request, response)
}

/** Answers one request; null if the client has disconnected before the end of its body. */
type RequestAnswerer = (request: IncomingMessage, route: Route) => Promise<PlannedResponse | null>

/**
 * Checks a request in this order: path (404), method (405), key (401), rate limit (429), account
 * (404). Then it is answered. A request without the key does not count against the rate limit.
 */
const requestAnswerer = (state: SandboxState): RequestAnswerer => {
  const { apiKey, accounts, perMinute, clock } = state.settings
  let window: RateWindow = []
  const admitNow = (): { limits: RateLimits | null; retryAfter: number | null } => {
    if (perMinute === null) return { limits: null, retryAfter: null }
    const admission = admit(perMinute, window, clock())
    window = admission.window
    return admission
  }
  return async (request, route) => {
    if (route.kind === 'unknown') return refuse(404, 'Not found.')
    if (route.kind === 'wrongMethod') {
      return refuse(405, 'Method not allowed.', { allow: route.allow })
    }
    if (bearerKey(request) !== apiKey) {
      return refuse(401, 'Missing or invalid API key.', { 'www-authenticate': 'Bearer' })
    }
    const { limits, retryAfter } = admitNow()
    if (retryAfter !== null) {
      const headers = { 'retry-after': String(retryAfter) }
      return respondWith(errorResponse(429, { error: 'Too many requests.' }, limits, headers))
    }
    if (!accounts.has(route.account)) {
      const body = { error: 'Account not found.', code: 'account_not_found' }
      return respondWith(errorResponse(404, body, limits))
    }
    switch (route.kind) {
      case 'start':
        return startUpload(state, request, route, limits)
      case 'poll':
        return pollUpload(state, route.account, route.upload, limits)
    }
  }
}

const refuse = (status: number, error: string, headers = {}): PlannedResponse =>
  respondWith(errorResponse(status, { error }, null, headers))

const bearerKey = ({ headers }: IncomingMessage): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
