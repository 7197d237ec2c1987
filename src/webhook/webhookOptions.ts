import type { UploadRef } from '../api/uploadRef'
import {
  callable,
  having,
  integerIn,
  list,
  members,
  milliseconds,
  object,
  text,
} from '../failure/checked'
import type { PushedStatus } from '../watch/push'
import { memoryStore, type DedupStore } from './dedupStore'
import type { WebhookEvent } from './webhookEvent'

/** The options of a webhook. Durations are in milliseconds. */
export interface WebhookOptions {
  /**
   * The secrets of the webhook, as shown by the vendor, or a function that returns them (or a promise
   * of them) for each delivery. Pass several while you rotate them.
   */
  readonly secrets: readonly string[] | (() => readonly string[] | Promise<readonly string[]>)
  /**
   * Remembers the processed events. Several processes must share one store.
   *
   * @default a store in memory for 20,000 events
   */
  readonly store?: DedupStore | undefined
  /** Returns whether an upload is yours. Events of others are ignored. @default all are yours */
  readonly accept?: ((ref: UploadRef) => boolean) | undefined
  /**
   * Processes a terminal status. The response waits for it: if it rejects, the response is 503, and the
   * vendor resends the event. It may be called more than once for an event.
   *
   * @default none
   */
  readonly onStatus?: ((pushed: PushedStatus) => Promise<void>) | undefined
  /**
   * Milliseconds until the response to a delivery is a 503. The vendor waits for 10 s.
   *
   * @default 8_000
   */
  readonly ackWithin?: number | undefined
  /** The most bytes of a delivery. @default 1_048_576 */
  readonly maxBytes?: number | undefined
  /**
   * Milliseconds without a delivery, while uploads are watched, after which deliveries no longer count
   * as reliable.
   *
   * @default 600_000
   */
  readonly trustFor?: number | undefined
  /** Milliseconds that an event may arrive after a poll found the terminal status. @default 15_000 */
  readonly lag?: number | undefined
  /** Receives an event for each delivery. Errors that it throws are ignored. @default none */
  readonly on?: ((event: WebhookEvent) => void) | undefined
}

/** The checked options with their defaults. */
export type WebhookSettings = {
  readonly [Name in keyof WebhookOptions]-?: Exclude<WebhookOptions[Name], undefined>
}

/**
 * Checks secrets and returns them.
 *
 * @throws TypeError that never quotes a secret
 */
export const checkedSecrets = (secrets: unknown): readonly string[] => {
  const all = list(secrets, 'secrets', 'strings, or a function that gives one')
  if (all.length === 0)
    throw new TypeError('secrets must not be empty; pass the secret of the webhook')
  return all.map(given => {
    const secret = text(given, 'each of secrets')
    if (/^$|^\s|\s$/.test(secret))
      throw new TypeError('each of secrets must not be empty, or begin or end with a space')
    return secret
  })
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws TypeError or RangeError that names the option
 */
export const webhookSettingsOf = (options: WebhookOptions): WebhookSettings => {
  object(options, 'options', 'an object such as { secrets }')
  const {
    secrets,
    store = memoryStore(),
    accept = () => true,
    onStatus = () => Promise.resolve(),
    ackWithin = 8_000,
    maxBytes = 1_048_576,
    trustFor = 600_000,
    lag = 15_000,
    on = () => undefined,
  } = options
  const settings: WebhookSettings = {
    secrets,
    store,
    accept,
    onStatus,
    ackWithin,
    maxBytes,
    trustFor,
    lag,
    on,
  }
  members(options, 'options', Object.keys(settings))
  if (typeof secrets !== 'function') checkedSecrets(secrets)
  for (const method of ['claim', 'done', 'release'])
    having(store, 'store', method, 'a store with claim, done and release')
  callable(accept, 'accept', '(ref) => boolean')
  callable(onStatus, 'onStatus', '(pushed) => Promise<void>')
  callable(on, 'on', '(event) => void')
  milliseconds(ackWithin, 'ackWithin', 1)
  integerIn(maxBytes, 'maxBytes', 1, Number.MAX_SAFE_INTEGER)
  milliseconds(trustFor, 'trustFor', 1)
  milliseconds(lag, 'lag')
  return settings
}
