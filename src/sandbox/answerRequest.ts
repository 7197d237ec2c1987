import { admit, lockedFor, noRequests, type Admission } from './http/requestCount'
import { errorResponse, lockoutPage, type ErrorBody } from './http/response'
import {
  respondWith,
  respondWithPage,
  statusOf,
  withHeaders,
  type PlannedResponse,
} from './http/plannedResponse'
import { parseRoute, type Route as UploadRoute } from './http/route'
import type { SandboxEvent } from './journal'
import { platformOf } from './platform/imitatedPlatforms'
import { pollUpload } from './pollUpload'
import { quotaHeaders, type Quota } from './quota'
import type { SandboxState } from './sandboxState'
import { parseWebhookRoute, type WebhookRoute } from './webhooks/webhookRoute'

type Route = UploadRoute | WebhookRoute

/** The part of a request that is checked. */
export interface RequestHead {
  readonly headers: { readonly authorization?: string | undefined }
}

/**
 * Answers a request that starts an upload or manages webhooks; null if the client has disconnected
 * before the end of its body.
 */
export type BodyAnswerer<R extends RequestHead> = (
  request: R,
  route: Extract<Route, { readonly kind: 'start' | 'webhooks' }>,
  quota: Quota,
) => Promise<PlannedResponse | null>

/** Plans the answer to a request; null if the client has disconnected before the end of its body. */
export type RequestAnswerer<R extends RequestHead> = (
  method: string,
  target: string,
  request: R,
) => Promise<PlannedResponse | null>

/**
 * Creates the handler of a sandbox's requests, without a server. It calls `notify` before it answers,
 * so a client that has an answer finds it in the journal. A bug in the sandbox is a 500 and a warning.
 *
 * @param answerBody answers a request that has a body
 */
export const requestAnswerer = <R extends RequestHead>(
  state: SandboxState,
  notify: (event: SandboxEvent) => void,
  answerBody: BodyAnswerer<R>,
): RequestAnswerer<R> => {
  const answer = checkedAnswerer(state, answerBody)
  let answers = 0
  return async (method, target, request) => {
    const route: Route =
      parseWebhookRoute(method, target.split('?', 1)[0] ?? '') ?? parseRoute(method, target)
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
      at: state.settings.clock(),
    })
    if (planned === null) return null
    answers += 1
    return withRequestId(planned, state, answers)
  }
}

const withRequestId = (
  planned: PlannedResponse,
  { hex }: SandboxState,
  nth: number,
): PlannedResponse =>
  planned.sender === 'script'
    ? planned
    : withHeaders(planned, { 'cf-ray': `${hex(`ray ${String(nth)}`).slice(0, 16)}-SBX` })

/**
 * Checks a request in this order: lockout (error 1015), path (404), method (405), key (401), rate
 * limit (429), account (404). Then it is answered. A request without the key does not count against
 * the rate limit.
 */
const checkedAnswerer = <R extends RequestHead>(
  state: SandboxState,
  answerBody: BodyAnswerer<R>,
): ((request: R, route: Route) => Promise<PlannedResponse | null>) => {
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
    request: R,
    route: Exclude<Route, { readonly kind: 'unknown' | 'wrongMethod' }>,
    quota: Quota,
  ): Promise<PlannedResponse | null> => {
    if (route.kind === 'webhooks') return answerBody(request, route, quota)
    if (!accounts.has(route.account) || platformOf(route.account) !== route.platform) {
      return refuse(404, { error: 'Account not found.', code: 'account_not_found' })
    }
    switch (route.kind) {
      case 'start':
        return answerBody(request, route, quota)
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

const bearerKey = ({ headers }: RequestHead): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
