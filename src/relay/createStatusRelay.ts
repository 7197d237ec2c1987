import type { Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import * as E from '../failure/either'
import { notify as notifyObserver } from '../runtime/notify'
import type { UploadVerdict } from './authorization'
import { requireCaller, type Caller } from './caller'
import { readStreamRequest, type StreamRequest } from './streamRequest'
import { createAuthorizer } from './authorizeUploads'
import { corsOf, isForHost, isPreflight, preflightAnswer } from './origin'
import { createOutbox } from './outbox'
import { createStreamSlots } from './streamSlots'
import { theEnd } from './protocol/known'
import { refusal, type RefusalStatus } from './refusal'
import type { RelayDefect, StreamClosed, StreamOpened, StreamRefused } from './relayEvent'
import { relaySettingsOf, type RelayOptions } from './relayOptions'
import { requireTimers } from './requireTimers'
import { createStatuses } from './statuses'
import { statusStream } from './statusStream'
import { createStatusEncoder } from './encodeStatus'

/** A request handler for any server that uses WHATWG `Request` and `Response`. */
export type StatusRelay = (request: Request) => Promise<Response>

/** The headers of every response. */
const commonHeaders = {
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
}

const streamHeaders = {
  'content-type': 'text/event-stream',
  // Not `no-store`: Chromium shows such a request as aborted even after its body was read to the end.
  'cache-control': 'private, no-cache, no-transform',
  // Stops nginx from buffering events.
  'x-accel-buffering': 'no',
}

/** The status of a request whose uploads are all denied; null if at least one is permitted. */
const denialOf = (verdicts: readonly UploadVerdict[]): RefusalStatus | null =>
  verdicts.every(({ denied }) => denied !== null) ? (verdicts[0]?.denied ?? null) : null

/**
 * Creates a relay, through which pages follow uploads over an event stream. The key stays on the server.
 *
 * ```
 * GET ...?ref=acct_1/ofapi_media_1&ref=acct_1/ofapi_media_2
 *
 * id: 10
 * data: {"account":"acct_1","upload":"ofapi_media_1","status":{"_tag":"Right","right":{"status":"pending",...}}}
 * ```
 *
 * - All readers of an upload share one poll upstream. It stops soon after the last reader leaves.
 * - Each reader gets the latest status of each of its uploads. A slow reader misses the statuses in
 *   between.
 * - A reader that reconnects with a `Last-Event-ID` gets only newer statuses, also from another relay.
 * - A failure is sent as data, a `Left`, without any text from the server.
 * - Refusals are JSON: 400 (no uploads, more than 250, or malformed ids), 401, 403 or 404 (if
 *   `authorize` permits none of the uploads; 403 also for other origins), 405, 413 (a body), 414, 429
 *   and 503 (too many streams), 431.
 *
 * @throws TypeError or RangeError that names the invalid option; Error at the module level of workerd,
 *   where timers end with their request
 *
 * @example
 * const relay = createStatusRelay({
 *   client: createUploadStatusClient(),
 *   authorize: async (request, { account }) => (await accountOf(request)) === account,
 * })
 *
 * @see docs/relay.md for how to run it
 */
export const createStatusRelay = (options: RelayOptions): StatusRelay => {
  const settings = relaySettingsOf(options)
  requireTimers()
  const { hosts, lifetime, origins, retry } = settings
  const slots = createStreamSlots(settings.maxStreams, settings.maxStreamsPerCaller)
  const authorizeAll = createAuthorizer(settings.authorize, settings.authorizeTimeout)
  const statusesOf$ = createStatuses(settings.client, settings)
  const encode = createStatusEncoder(settings.select)

  const notify = (event: StreamOpened | StreamRefused | StreamClosed | RelayDefect): void => {
    notifyObserver(settings.on, { ...event, streams: slots.openCount() })
  }

  const callerOf = (request: Request): Caller => {
    try {
      return requireCaller(settings.callerOf(request))
    } catch (defect) {
      notify({ _tag: 'RelayDefect', defect })
      throw defect
    }
  }

  const stream = (
    parsed: StreamRequest,
    statuses$: Observable<TrackedStatus>,
    signal: AbortSignal,
    release: () => void,
  ): ReadableStream<Uint8Array> => {
    const outbox = createOutbox(`retry: ${String(Math.round(retry))}\n\n`, parsed, encode)
    return statusStream(statuses$, outbox, {
      heartbeat: settings.heartbeat,
      // Spreads the reconnections of readers that connected at the same time.
      lifetime: lifetime * (1 - 0.1 * Math.random()),
      signal,
      closed: (why, defect) => {
        release()
        if (why === 'defect') notify({ _tag: 'RelayDefect', defect })
        notify({ _tag: 'StreamClosed', why })
      },
    })
  }

  const answer = async (
    request: Request,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response | RefusalStatus> => {
    const parsed = readStreamRequest(request)
    if (E.isLeft(parsed)) return parsed.left
    const { refs, known } = parsed.right
    const open = refs.filter((_, index) => known[index] !== theEnd)
    // Nothing is left to send. An EventSource that receives a 204 does not reconnect.
    if (open.length === 0) return new Response(null, { status: 204, headers })
    const caller = callerOf(request)
    const pending = slots.admit(caller)
    if (E.isLeft(pending)) return pending.left
    const verdicts = await authorizeAll(request, caller, open)
    const denied = verdicts === null ? 503 : denialOf(verdicts)
    if (verdicts === null || denied !== null) {
      pending.right.release()
      return denied ?? 503
    }
    const named = verdicts.find(({ caller }) => caller !== null)?.caller ?? caller
    const slot = pending.right.open(named)
    if (E.isLeft(slot)) return slot.left
    notify({ _tag: 'StreamOpened', uploads: verdicts.length })
    return new Response(
      stream(parsed.right, statusesOf$(named, verdicts), request.signal, slot.right),
      { headers: { ...headers, ...streamHeaders } },
    )
  }

  return async request => {
    const cors = isForHost(request, hosts) ? corsOf(request, origins) : null
    if (cors !== null && isPreflight(request)) return preflightAnswer(request, cors)
    const headers = { ...commonHeaders, ...cors }
    const answered = cors === null ? 403 : await answer(request, headers)
    if (typeof answered !== 'number') return answered
    notify({ _tag: 'StreamRefused', status: answered })
    return refusal(answered, headers)
  }
}
