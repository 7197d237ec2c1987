import type { Either } from 'fp-ts/Either'
import type { Observable, ObservableInput } from 'rxjs'
import platform from '#platform'
import { vendorUrl } from './api/endpoint'
import type { PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import type { UploadRef } from './api/uploadRef'
import { requestBudget, type RequestBudget } from './budget/requestBudget'
import { callable, having, members, milliseconds, object, oneOf } from './failure/checked'
import type { Failure } from './failure/failure'
import { checkedKey, type ApiKey } from './http/apiKey'
import type { Fetch } from './http/fetch'
import { checkedHeaders, type RequestHeaders } from './http/headers'
import type { RequestSettings } from './http/request'
import { monotonic, type Clock } from './runtime/clock'
import type { WatchEvent } from './watch/event'
import { checkedPush, type PushSource } from './watch/push'
import { retryPolicyOf, type RetryPolicy } from './watch/retry'
import { checkedSchedule, defaultSafetyNet, defaultSchedule, type Schedule } from './watch/schedule'
import type { WatchSettings } from './watch/watchSettings'

/** How an upload is watched. Everything is optional; durations are milliseconds. */
export interface WatchOptions {
  /**
   * The key, or a function that gives it (or a promise of it) before each attempt, so that it can
   * be rotated. `null` sends none: a backend of yours adds it. Keys belong on servers.
   *
   * A key that is missing, or that is not one line of visible ASCII, ends the watch with
   * `InvalidRequest`; nothing is sent.
   *
   * @default the environment variable `ONLYFANSAPI_API_KEY`
   */
  readonly apiKey?: string | ApiKey | null | undefined
  /**
   * Where the API is served: https, or http to a loopback host, without user info. Anything else
   * ends the watch with `InvalidRequest`.
   *
   * @default 'https://app.onlyfansapi.com'
   */
  readonly baseUrl?: string | undefined
  /**
   * Any WHATWG fetch; it is called unbound.
   *
   * @default Node: cross-fetch on keep-alive connections, loaded by the first request; React Native:
   *   cross-fetch; elsewhere the platform's own fetch, looked up at each call
   */
  readonly fetch?: Fetch | undefined
  /**
   * Added to each request, in any form that `fetch` takes. They are read once, at creation.
   * `Authorization` comes from `apiKey`, unless that is `null`.
   *
   * @default {}
   */
  readonly headers?: RequestHeaders | undefined
  /**
   * When to ask again: what is known so far, to milliseconds from an answer to the next poll.
   *
   * @default jittered(proportional({ ratio: 0.2, min: 1_000, max: 30_000 }), 0.1)
   */
  readonly schedule?: Schedule | undefined
  /**
   * How often a transient failure is tried again, with full-jitter backoff. By default the waits add
   * up to 166 s in the mean, and to less than 60 s for 4 in 10 million watches.
   *
   * @default { retries: 21, base: 500, cap: 20_000 }
   */
  readonly retry?:
    { readonly [Name in keyof RetryPolicy]?: RetryPolicy[Name] | undefined } | undefined
  /**
   * Milliseconds that one attempt may take, headers and body. Then it is aborted and retried.
   *
   * @default 10_000
   */
  readonly attemptTimeout?: number | undefined
  /**
   * Milliseconds that the whole watch may take. Then it ends with `Expired`; if that time passes
   * during a pause, one poll follows on return before it does. `Infinity` never ends it.
   *
   * @default 3_600_000
   */
  readonly deadline?: number | undefined
  /**
   * Milliseconds after the start during which a 404 is retried, for an upload that was just created.
   *
   * @default 0
   */
  readonly notFoundGrace?: number | undefined
  /**
   * What a `status` that is not one of the four does to the watch. `'fail'` ends it with `Malformed`
   * after three retries; `'continue'` polls on by the schedule until the deadline, with the event
   * `StatusUnknown`. Such a word is never read as an end.
   *
   * @default 'fail'
   */
  readonly onUnknownStatus?: 'fail' | 'continue' | undefined
  /**
   * Requests per minute and in flight, shared by all watches that are given the same one.
   *
   * @default none for a bare watch; one for each client
   */
  readonly budget?: RequestBudget | undefined
  /**
   * Pauses the watch while it says `false`. When it says `true` again, what was due meanwhile follows,
   * spread over at most 2 s. Before it says anything the watch is active.
   *
   * @default in a browser, whether the page is visible and online, where offline is a hint: it is
   *   probed every 15 s; elsewhere always `true`
   */
  readonly activity$?: Observable<boolean> | undefined
  /**
   * Statuses that arrive without a poll, for instance from `createWebhook`. Each is decoded like an
   * answer, and reaches the watch of its account and upload; the rest is ignored, with an event.
   * While its `alive$` says true, polls are a safety net.
   *
   * @default none
   */
  readonly push?: PushSource | undefined
  /**
   * When to ask again while `push.alive$` says true. It is `schedule` that counts again as soon as it
   * says false. Uploads to Fansly have no webhooks: their waits always come from `schedule`.
   *
   * An event that is lost is noticed at most as much later as the upload took until then (at least
   * 15 s, at most 5 min), answers and retries aside.
   *
   * @default jittered(proportional({ ratio: 1, min: 15_000, max: 300_000 }), 0.1)
   */
  readonly safetyNet?: Schedule | undefined
  /**
   * Polls at once when it emits, but never before a time that the server asked for. It changes nothing
   * during a request or a pause.
   *
   * @default none
   */
  readonly poll$?: Observable<unknown> | undefined
  /**
   * The whole attempt, in place of `apiKey`, `baseUrl`, `fetch` and `headers`: the seam for marble
   * tests. The first value counts. It is decoded like an answer; one that takes longer than
   * `attemptTimeout` is unsubscribed from. What it throws is a defect.
   *
   * @default the HTTP request
   */
  readonly request?:
    ((ref: UploadRef) => ObservableInput<Either<Failure, UploadStatusOf<PlatformName>>>) | undefined
  /**
   * `'changes'` emits a status once, however often it is answered; `'every'` emits each answer.
   *
   * @default 'changes'
   */
  readonly emit?: 'changes' | 'every' | undefined
  /**
   * Milliseconds without a change after which the first poll that finds the same status reports the
   * event `Stalled`, once for each status. A view has `isStalled` from then on. The watch goes on.
   *
   * @default none
   */
  readonly stalledAfter?: number | undefined
  /**
   * Ends the watch with `Cancelled`. Unsubscribing is the other way; only `on` receives `Stopped`.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Told of every attempt, answer, retry and pause. What it throws is ignored.
   *
   * @default none
   */
  readonly on?: ((event: WatchEvent) => void) | undefined
  /**
   * Numbers from 0 up to 1, for tests.
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
  /**
   * Milliseconds that only go forward, for tests.
   *
   * @default performance.now
   */
  readonly clock?: Clock | undefined
}

/** Options, checked and completed. */
export interface Settings extends RequestSettings, WatchSettings {
  readonly baseUrl: string
  readonly request: WatchOptions['request']
}

const ifGiven = <A>(value: A | undefined, check: (value: A) => A): A | undefined =>
  value === undefined ? undefined : check(value)

/**
 * Checks options and fills in the defaults.
 *
 * @param others options that are checked elsewhere
 * @throws TypeError or RangeError that names the option
 */
export const settingsOf = (options: WatchOptions, others: readonly string[] = []): Settings => {
  object(options, 'options')
  const {
    apiKey = platform.apiKey,
    baseUrl = vendorUrl,
    fetch = platform.fetch,
    headers = {},
    schedule = defaultSchedule,
    retry = {},
    attemptTimeout = 10_000,
    deadline = 3_600_000,
    notFoundGrace = 0,
    onUnknownStatus = 'fail',
    budget,
    activity$ = platform.activity$,
    push,
    safetyNet = defaultSafetyNet,
    poll$,
    request,
    emit = 'changes',
    stalledAfter,
    signal,
    on,
    random = Math.random,
    clock = monotonic,
  } = options
  const settings: Settings = {
    apiKey: checkedKey(apiKey),
    // Any value: it is judged with the ids, when the address is made of them.
    baseUrl,
    fetch: callable(fetch, 'fetch', '(url, init) => Promise<Response>'),
    headers: checkedHeaders(headers),
    schedule: checkedSchedule(schedule),
    retry: retryPolicyOf(retry, 'retry'),
    attemptTimeout: milliseconds(attemptTimeout, 'attemptTimeout', 1),
    deadline: deadline === Infinity ? deadline : milliseconds(deadline, 'deadline', 1),
    notFoundGrace: milliseconds(notFoundGrace, 'notFoundGrace'),
    onUnknownStatus: oneOf(onUnknownStatus, 'onUnknownStatus', ['fail', 'continue']),
    budget: ifGiven(budget, value => having(value, 'budget', 'admit', 'made by requestBudget')),
    activity$: ifGiven(activity$, value$ =>
      having(value$, 'activity$', 'subscribe', 'an Observable<boolean>'),
    ),
    push: ifGiven(push, checkedPush),
    safetyNet: checkedSchedule(safetyNet, 'safetyNet'),
    poll$: ifGiven(poll$, value$ => having(value$, 'poll$', 'subscribe', 'an Observable')),
    request: ifGiven(request, value => callable(value, 'request', '(ref) => Observable')),
    emit: oneOf(emit, 'emit', ['changes', 'every']),
    stalledAfter: ifGiven(stalledAfter, value => milliseconds(value, 'stalledAfter', 1)),
    signal: ifGiven(signal, value => having(value, 'signal', 'addEventListener', 'an AbortSignal')),
    on: ifGiven(on, value => callable(value, 'on', '(event) => void')),
    random: callable(random, 'random', '() => a number from 0 up to 1'),
    clock: callable(clock, 'clock', '() => ms'),
  }
  members(options, 'options', [...Object.keys(settings), ...others])
  return settings
}

/** The same, with a budget where none was handed in. It goes by the same clock. */
export const withBudget = (settings: Settings, perMinute: number): Settings => {
  const { clock, random } = settings
  return { ...settings, budget: settings.budget ?? requestBudget({ perMinute, clock, random }) }
}
