import type { IncomingMessage } from 'node:http'
import { whole, type Outcome } from './outcome'
import { pollUpload } from './pollUpload'
import { admit, type RateLimits, type RateWindow } from './rateLimit'
import { errorReply } from './reply'
import type { Route } from './route'
import type { Stage } from './stage'
import { startUpload } from './startUpload'

/** Answers one request; null where the client went away before its end. */
export type Answerer = (request: IncomingMessage, route: Route) => Promise<Outcome | null>

/**
 * Judges a request in this order: path (404), method (405), key (401), rate (429), account (404),
 * then what was asked. Only what passes the key takes a place in the rate window.
 */
export const answerer = (stage: Stage): Answerer => {
  const { apiKey, accounts, perMinute, clock } = stage.settings
  let window: RateWindow = []
  const enter = (): { limits: RateLimits | null; retryAfter: number | null } => {
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
    if (bearer(request) !== apiKey) {
      return refuse(401, 'Missing or invalid API key.', { 'www-authenticate': 'Bearer' })
    }
    const { limits, retryAfter } = enter()
    if (retryAfter !== null) {
      const headers = { 'retry-after': String(retryAfter) }
      return whole(errorReply(429, { error: 'Too many requests.' }, limits, headers))
    }
    if (!accounts.has(route.account)) {
      const body = { error: 'Account not found.', code: 'account_not_found' }
      return whole(errorReply(404, body, limits))
    }
    switch (route.kind) {
      case 'start':
        return startUpload(stage, request, route, limits)
      case 'poll':
        return pollUpload(stage, route.account, route.upload, limits)
    }
  }
}

const refuse = (status: number, error: string, headers = {}): Outcome =>
  whole(errorReply(status, { error }, null, headers))

const bearer = ({ headers }: IncomingMessage): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
