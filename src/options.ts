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

/** The options of a watch, all optional. Durations are in milliseconds. */
export interface WatchOptions {
  /**
   * The key, or a function that returns it (or a promise of it) before each attempt, so that it can be
   * rotated. `null` sends no key: use it if your own backend adds the key. Keys belong on servers.
   *
   * A key that is missing, or not one line of visible ASCII, ends the watch with `InvalidRequest`, and
   * nothing is sent.
   *
   * @default the environment variable `ONLYFANSAPI_API_KEY`
   */
  readonly apiKey?: string | ApiKey | null | undefined
  /**
   * The base URL of the API: https, or http to a loopback host, without user info. Anything else ends
   * the watch with `InvalidRequest`.
   *
   * @default 'https://app.onlyfansapi.com'
   */
  readonly baseUrl?: string | undefined
  /**
   * Any WHATWG fetch. It is called without `this`.
   *
   * @default in Node, cross-fetch on keep-alive connections, loaded by the first request; in React
   *   Native, cross-fetch; elsewhere the platform's own fetch, looked up at each call
   */
  readonly fetch?: Fetch | undefined
  /**
   * Headers for each request, in any form that `fetch` accepts. They are read once, at creation.
   * `Authorization` comes from `apiKey`, unless that is `null`.
   *
   * @default {}
   */
  readonly headers?: RequestHeaders | undefined
  /**
   * Returns the milliseconds from an answer to the next poll, given the progress so far.
   *
   * @default jittered(proportional({ ratio: 0.2, min: 1_000, max: 30_000 }), 0.1)
   */
  readonly schedule?: Schedule | undefined
  /**
   * The number of retries after transient failures, with full-jitter backoff. By default the waits add
   * up to 166 s on average, and to less than 60 s for 4 in 10 million watches.
   *
   * @default { retries: 21, base: 500, cap: 20_000 }
   */
  readonly retry?:
    { readonly [Name in keyof RetryPolicy]?: RetryPolicy[Name] | undefined } | undefined
  /**
   * Milliseconds that one attempt may take, including headers and body. Then it is aborted and retried.
   *
   * @default 10_000
   */
  readonly attemptTimeout?: number | undefined
  /**
   * Milliseconds that the whole watch may take. Then it ends with `Expired`. If the deadline passes
   * during a pause, one more poll follows the pause first. `Infinity` disables the deadline.
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
   * The reaction to a `status` that is not one of the four. `'fail'` ends the watch with `Malformed`
   * after three retries. `'continue'` keeps polling until the deadline, with the event `StatusUnknown`.
   * An unknown status never counts as terminal.
   *
   * @default 'fail'
   */
  readonly onUnknownStatus?: 'fail' | 'continue' | undefined
  /**
   * The limit on requests per minute and in flight. All watches with the same budget share it.
   *
   * @default none for a single watch; one for each client
   */
  readonly budget?: RequestBudget | undefined
  /**
   * Pauses the watch while its latest value is `false`. When it emits `true` again, overdue polls
   * follow within 2 s. Until it emits, the watch is active.
   *
   * @default in a browser, whether the page is visible and online (while offline, a probe every 15 s);
   *   elsewhere always `true`
   */
  readonly activity$?: Observable<boolean> | undefined
  /**
   * A source of statuses without polling, for example from `createWebhook`. Each status is decoded like
   * an answer and goes to the watch of its account and upload; others are ignored, with an event. While
   * its `alive$` is true, polls are only a safety net.
   *
   * @default none
   */
  readonly push?: PushSource | undefined
  /**
   * The schedule while `push.alive$` is true. When it becomes false, `schedule` applies again. Uploads to
   * Fansly have no webhooks, so they always use `schedule`.
   *
   * By default the end of an upload whose event was lost is detected late by at most the age of the watch
   * (at least 15 s, at most 5 min), plus the time of answers and retries.
   *
   * @default jittered(proportional({ ratio: 1, min: 15_000, max: 300_000 }), 0.1)
   */
  readonly safetyNet?: Schedule | undefined
  /**
   * Polls immediately when it emits, but never earlier than the server allows. It has no effect during
   * a request or a pause.
   *
   * @default none
   */
  readonly poll$?: Observable<unknown> | undefined
  /**
   * Replaces the whole attempt (`apiKey`, `baseUrl`, `fetch` and `headers`), for marble tests. Its first
   * value is decoded like an answer. After `attemptTimeout` it is unsubscribed. Its errors are defects,
   * and so is completing without a value.
   *
   * @default the HTTP request
   */
  readonly request?:
    ((ref: UploadRef) => ObservableInput<Either<Failure, UploadStatusOf<PlatformName>>>) | undefined
  /**
   * `'changes'` emits a status only when it changes; `'every'` emits the status of each answer.
   *
   * @default 'changes'
   */
  readonly emit?: 'changes' | 'every' | undefined
  /**
   * Milliseconds without a change of status after which the next poll reports the event `Stalled`, once
   * for each status. A view then has `isStalled`. The watch continues.
   *
   * @default none
   */
  readonly stalledAfter?: number | undefined
  /**
   * Ends the watch with `Cancelled`. Unsubscribing instead emits nothing; only `on` receives `Stopped`.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Receives an event for every attempt, answer, retry and pause. Errors that it throws are ignored.
   *
   * @default none
   */
  readonly on?: ((event: WatchEvent) => void) | undefined
  /**
   * Returns numbers from 0 (inclusive) to 1 (exclusive), for tests.
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
  /**
   * Returns milliseconds that never decrease, for tests.
   *
   * @default performance.now
   */
  readonly clock?: Clock | undefined
}

/** The checked options with their defaults. */
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
    // Checked together with the ids, when the URL is built.
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

/** Adds a budget, with the same clock, if the options have none. */
export const withBudget = (settings: Settings, perMinute: number): Settings => {
  const { clock, random } = settings
  return { ...settings, budget: settings.budget ?? requestBudget({ perMinute, clock, random }) }
}
