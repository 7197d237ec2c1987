import { Subject } from 'rxjs'
import { refName, type UploadRef } from '../api/uploadRef'
import { sendsEvents } from '../api/webhook'
import { notify } from '../runtime/notify'
import { endCache } from '../watch/bulk/endCache'
import type { PushedStatus, PushSource } from '../watch/push'
import { answerTo } from './answerTo'
import { receiver } from './receive'
import { settle, spare } from './timeLimit'
import { createTrust } from './trust'
import type { StoreFailed, WebhookEvent } from './webhookEvent'
import { webhookSettingsOf, type WebhookOptions } from './webhookOptions'

/** A push source with all of its members. */
export type WholePushSource = {
  readonly [Name in keyof PushSource]-?: Exclude<PushSource[Name], undefined>
}

/** Answers deliveries and pushes the terminal statuses that they report. */
export type Webhook = ((request: Request) => Promise<Response>) & WholePushSource

const nothing = (): void => undefined

/**
 * Receives the vendor's webhooks: verifies each delivery, processes each terminal status once, and
 * pushes it to the watches whose option `push` is the webhook.
 *
 * ```
 * POST -> size -> bytes -> signature -> JSON -> event -> accept -> claim -> onStatus -> push -> 204
 * ```
 *
 * - Any server with WHATWG requests can call it; use `nodeListener` for the others. It needs the
 *   original bytes, so no middleware may read the body first.
 * - 204: processed, or resending would change nothing (other events, duplicates, unknown uploads,
 *   malformed events). 401: the signature matches no secret. 400, 405, 413: not a delivery. 500: the
 *   host has read the body. 503: an option threw or took too long, or the event is being processed; the
 *   vendor sends it again.
 * - Deliveries count as reliable from the first verified one until one is missed. Meanwhile watches
 *   poll according to `safetyNet`.
 * - No event and no response contains a secret, a signature, or the media.
 *
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const webhook = createWebhook({ secrets: ['whsec_1'] })
 * const client = createUploadStatusClient({ push: webhook })
 * createServer(nodeListener(webhook)).listen(3000)
 *
 * @see docs/webhooks.md for the set-up
 */
export const createWebhook = (options: WebhookOptions): Webhook => {
  const settings = webhookSettingsOf(options)
  const { accept, lag, store, trustFor } = settings
  const statuses$ = new Subject<PushedStatus>()
  const ends = endCache()

  const on = (event: WebhookEvent): void => {
    notify(settings.on, event)
  }

  const storeFailed = (step: StoreFailed['step']): void => {
    on({ _tag: 'StoreFailed', step })
  }

  const trust = createTrust({
    trustFor,
    lag,
    wasProcessed: async ref => {
      const key = refName(ref)
      const isFree = (await store.claim(key, spare)) === 'claimed'
      if (isFree)
        await settle(
          () => store.release(key),
          () => {
            storeFailed('release')
          },
        )
      return !isFree
    },
    on,
  })

  const receive = receiver(settings, {
    verified: trust.delivered,
    push: pushed => {
      ends.add(pushed, pushed.status)
      trust.received(pushed)
      statuses$.next(pushed)
    },
    endOf: ends.get,
    storeFailed,
  })

  /** Whether an event of the upload would reach `onStatus`. */
  const isExpected = (ref: UploadRef): boolean => {
    try {
      return sendsEvents(ref) && accept(ref)
    } catch {
      return false
    }
  }

  const handle = async (request: Request): Promise<Response> => {
    const event = await receive(request)
    on(event)
    return answerTo(event)
  }

  const source: WholePushSource = {
    statuses$: statuses$.asObservable(),
    alive$: trust.alive$,
    latest: ref => ends.get(ref) ?? null,
    opened: ref => (isExpected(ref) ? trust.opened() : nothing),
    polled: ref => {
      if (ends.get(ref) === undefined && isExpected(ref)) trust.polled(ref)
    },
  }
  return Object.assign(handle, source)
}
