import type { Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import * as E from '../failure/either'
import { notify as notifyObserver } from '../runtime/notify'
import type { Judged } from './authorization'
import { requireCaller, type Caller } from './caller'
import { judge, type Asked } from './judge'
import { createJudge } from './judging'
import { corsOf, isForHost, isPreflight, preflightAnswer } from './origin'
import { createOutbox } from './outbox'
import { createPlaces } from './places'
import { theEnd } from './protocol/known'
import { refusal, type RefusalStatus } from './refusal'
import type { RelayDefect, StreamClosed, StreamOpened, StreamRefused } from './relayEvent'
import { relaySettingsOf, type RelayOptions } from './relayOptions'
import { requireTimers } from './requireTimers'
import { createStatuses } from './statuses'
import { statusStream } from './statusStream'
import { writer } from './written'

/** Answers requests for streams; any server that speaks WHATWG requests can be given it. */
export type StatusRelay = (request: Request) => Promise<Response>

/** Of every answer. */
const always = { 'cache-control': 'no-store, no-transform', 'x-content-type-options': 'nosniff' }

const ofStreams = {
  'content-type': 'text/event-stream',
  // Not `no-store`: Chromium shows a request with it as aborted, even if its body was read to the end.
  'cache-control': 'private, no-cache, no-transform',
  // Keeps nginx from holding events back.
  'x-accel-buffering': 'no',
}

/** The status that denies a request of which nothing is permitted; null where something is. */
const deniedAll = (judged: readonly Judged[]): RefusalStatus | null =>
  judged.every(({ denied }) => denied !== null) ? (judged[0]?.denied ?? null) : null

/**
 * A relay: the key stays on the server, and pages follow uploads as an event stream.
 *
 * ```
 * GET ...?ref=acct_1/ofapi_media_1&ref=acct_1/ofapi_media_2
 *
 * id: 10
 * data: {"account":"acct_1","upload":"ofapi_media_1","status":{"_tag":"Right","right":{"status":"pending",...}}}
 * ```
 *
 * - One poll upstream for each upload, however many read; it stops soon after the last has left.
 * - Each reader gets the latest status of each of its uploads: what it was too slow for is dropped.
 * - Who comes back with a `Last-Event-ID` is told only what is news, by another relay too.
 * - A failure crosses as data, `Left`, without any text of the server.
 * - Refused, as JSON: 400 (no uploads, more than 50, or not their ids), 401, 403 and 404 (as
 *   `authorize` says, of none of them `true`; 403 for other origins too), 405, 413 (a body), 414,
 *   429 and 503 (too many streams), 431.
 *
 * @throws TypeError or RangeError that names an option which makes no sense; Error at the module level
 *   of workerd, whose timers end with a request
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
  const places = createPlaces(settings.maxStreams, settings.maxStreamsPerCaller)
  const authorizeAll = createJudge(settings.authorize, settings.authorizeTimeout)
  const statuses$ = createStatuses(settings.client, settings)
  const write = writer(settings.select)

  const notify = (event: StreamOpened | StreamRefused | StreamClosed | RelayDefect): void => {
    notifyObserver(settings.on, { ...event, streams: places.taken() })
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
    asked: Asked,
    judged$: Observable<TrackedStatus>,
    signal: AbortSignal,
    leave: () => void,
  ): ReadableStream<Uint8Array> => {
    const outbox = createOutbox(`retry: ${String(Math.round(retry))}\n\n`, asked, write)
    return statusStream(judged$, outbox, {
      heartbeat: settings.heartbeat,
      // Readers that came together are not to come back together.
      lifetime: lifetime * (1 - 0.1 * Math.random()),
      signal,
      closed: (why, defect) => {
        leave()
        if (why === 'defect') notify({ _tag: 'RelayDefect', defect })
        notify({ _tag: 'StreamClosed', why })
      },
    })
  }

  const answer = async (
    request: Request,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response | RefusalStatus> => {
    const asked = judge(request)
    if (E.isLeft(asked)) return asked.left
    const { refs, known } = asked.right
    const open = refs.filter((_, place) => known[place] !== theEnd)
    // Nothing is left to send; an EventSource that gets this does not connect again.
    if (open.length === 0) return new Response(null, { status: 204, headers })
    const caller = callerOf(request)
    const waiting = places.wait(caller)
    if (E.isLeft(waiting)) return waiting.left
    const judged = await authorizeAll(request, caller, open)
    const denied = judged === null ? 503 : deniedAll(judged)
    if (judged === null || denied !== null) {
      waiting.right.leave()
      return denied ?? 503
    }
    const named = judged.find(({ caller }) => caller !== null)?.caller ?? caller
    const place = waiting.right.open(named)
    if (E.isLeft(place)) return place.left
    notify({ _tag: 'StreamOpened', uploads: judged.length })
    return new Response(
      stream(asked.right, statuses$(named, judged), request.signal, place.right),
      { headers: { ...headers, ...ofStreams } },
    )
  }

  return async request => {
    const cors = isForHost(request, hosts) ? corsOf(request, origins) : null
    if (cors !== null && isPreflight(request)) return preflightAnswer(request, cors)
    const headers = { ...always, ...cors }
    const answered = cors === null ? 403 : await answer(request, headers)
    if (typeof answered !== 'number') return answered
    notify({ _tag: 'StreamRefused', status: answered })
    return refusal(answered, headers)
  }
}
