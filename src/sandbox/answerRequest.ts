import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { framings, type Framing } from './http/framing'
import { admit, lockedFor, noRequests, type Admission } from './http/requestCount'
import { errorResponse, lockoutPage, type ErrorBody } from './http/response'
import { parseRoute, type Route as UploadRoute } from './http/route'
import {
  respondWith,
  respondWithPage,
  sendResponse,
  statusOf,
  withHeaders,
  type PlannedResponse,
} from './http/sendResponse'
import type { SandboxEvent } from './journal'
import { manageWebhooks } from './manageWebhooks'
import { platformOf } from './platform/imitatedPlatforms'
import { pollUpload } from './pollUpload'
import { quotaHeaders, type Quota } from './quota'
import type { SandboxState } from './sandboxState'
import { seededFraction, seededHex } from './seededRandom'
import { startUpload } from './startUpload'
import { parseWebhookRoute, type WebhookRoute } from './webhooks/webhookRoute'

type Route = UploadRoute | WebhookRoute

/**
 * Creates the request listener of a sandbox. It notifies before it sends the first byte, so a client
 * that has an answer finds it in the journal. A bug in the sandbox is a 500 and a warning.
 */
export const requestListener = (
  state: SandboxState,
  notify: (event: SandboxEvent) => void,
): RequestListener => {
  const { settings } = state
  const answer = requestAnswerer(state)
  let answers = 0
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? ''
    const target = request.url ?? ''
    const route: Route =
      parseWebhookRoute(method, target.split('?', 1)[0] ?? '') ?? parseRoute(method, target)
    state.webhooks.wake()
    const planned = await answer(request, route).catch((defect: unknown): PlannedResponse => {
      notify({ kind: 'warning', message: `defect in the sandbox: ${String(defect)}` })
      return respondWith(errorResponse('error', 500, { error: 'The sandbox is broken.' }))
    })
    notify({
      kind: 'request',
      method,
      path: route.path,
      upload: planned?.upload ?? null,
      status: planned && statusOf(planned.delivery),
      at: settings.clock(),
    })
    if (planned === null) return
    answers += 1
    sendResponse(withRequestId(planned, state, answers), response, framingOf(state, answers))
  }
  return (request, response) => void serve(request, response)
}

const withRequestId = (
  planned: PlannedResponse,
  { settings }: SandboxState,
  nth: number,
): PlannedResponse =>
  planned.sender === 'script'
    ? planned
    : withHeaders(planned, {
        'cf-ray': `${seededHex(settings.seed, `ray ${String(nth)}`).slice(0, 16)}-SBX`,
      })

const framingOf = ({ settings }: SandboxState, nth: number): Framing => {
  const { framing, seed } = settings
  if (framing !== 'mixed') return framing
  const drawn = seededFraction(seed, `framing ${String(nth)}`) * framings.length
  return framings[Math.floor(drawn)] ?? 'length'
}

/** Answers one request; null if the client has disconnected before the end of its body. */
type RequestAnswerer = (request: IncomingMessage, route: Route) => Promise<PlannedResponse | null>

/**
 * Checks a request in this order: lockout (error 1015), path (404), method (405), key (401), rate
 * limit (429), account (404). Then it is answered. A request without the key does not count against
 * the rate limit.
 */
const requestAnswerer = (state: SandboxState): RequestAnswerer => {
  const { apiKey, accounts, rateLimit, errorMember, clock } = state.settings
  let count = noRequests
  const admitNow = (): Admission | null => {
    if (rateLimit === null) return null
    const admission = admit(rateLimit, count, clock())
    count = admission.count
    return admission
  }
  const refuse = (status: number, body: ErrorBody, headers = {}): PlannedResponse =>
    respondWith(errorResponse(errorMember, status, body, headers))
  const signed = (planned: PlannedResponse, quota: Quota): PlannedResponse =>
    planned.sender === 'api'
      ? withHeaders(planned, quotaHeaders(quota, planned.creditsUsed, state.credits.balance()))
      : planned
  const answer = async (
    request: IncomingMessage,
    route: Exclude<Route, { readonly kind: 'unknown' | 'wrongMethod' }>,
    quota: Quota,
  ): Promise<PlannedResponse | null> => {
    if (route.kind === 'webhooks') return manageWebhooks(state, request, route)
    if (!accounts.has(route.account) || platformOf(route.account) !== route.platform) {
      return refuse(404, { error: 'Account not found.', code: 'account_not_found' })
    }
    switch (route.kind) {
      case 'start':
        return startUpload(state, request, route, quota)
      case 'poll':
        return pollUpload(state, route.account, route.upload)
    }
  }
  return async (request, route) => {
    const locked = lockedFor(count, clock())
    if (locked !== null) return respondWithPage(lockoutPage(locked))
    if (route.kind === 'unknown') return refuse(404, { error: 'Not found.' })
    if (route.kind === 'wrongMethod') {
      return refuse(405, { error: 'Method not allowed.' }, { allow: route.allow })
    }
    if (bearerKey(request) !== apiKey) {
      const error = 'Missing or invalid API key.'
      return refuse(401, { error }, { 'www-authenticate': 'Bearer' })
    }
    const admission = admitNow()
    const quota = admission &&
      rateLimit && { limit: rateLimit.perMinute, remaining: admission.remaining }
    const retryAfter = admission?.retryAfter ?? null
    if (retryAfter === null) {
      const planned = await answer(request, route, quota)
      return planned && signed(planned, quota)
    }
    if (admission?.locked === true) return respondWithPage(lockoutPage(retryAfter))
    const headers = { 'retry-after': String(retryAfter) }
    return signed(refuse(429, { error: 'Too many requests.' }, headers), quota)
  }
}

const bearerKey = ({ headers }: IncomingMessage): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
