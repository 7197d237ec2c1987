import type { Agenda } from './agenda'
import {
  headersOf,
  isDelivered,
  retryAfter,
  type EventDelivery,
  type SandboxDelivery,
} from './delivery'
import { afterAttempt, type WebhookEndpoint } from './webhookEndpoint'
import type { Endpoints } from './endpoints'
import { post } from './post'

/** An event about deliveries. */
type DeliveryEvent = SandboxDelivery | { readonly kind: 'warning'; readonly message: string }

/** The deliveries of a sandbox. */
export interface Deliveries {
  /**
   * Delivers an event to an endpoint. Resolves after the first attempt; the others follow.
   *
   * @param delivered called once the endpoint has accepted it
   */
  readonly deliver: (event: Omit<EventDelivery, 'id'>, delivered: () => void) => Promise<void>
  /** Repeats a delivery. Returns the id of the redelivery; null if there is no such delivery. */
  readonly redeliver: (webhook: string, id: string) => string | null
  /** Returns the vendor's latest attempts at an endpoint, newest first. */
  readonly attempts: (webhook: string) => readonly SandboxDelivery[]
  /** Cancels pending attempts. */
  readonly stop: () => void
}

/** The dependencies of deliveries. */
export interface DeliveryHost {
  readonly endpoints: Endpoints
  readonly agenda: Agenda
  readonly clock: () => number
  readonly hex: (label: string) => string
  /** The factor for the vendor's waits. */
  readonly timeScale: number
  readonly on: (event: DeliveryEvent) => void
}

/** The most deliveries, and attempts, that are stored. */
const capacity = 1_000

export const createDeliveries = (host: DeliveryHost): Deliveries => {
  const { endpoints, agenda, clock, hex, timeScale, on } = host
  const stopped = new AbortController()
  const deliveries = new Map<string, EventDelivery>()
  let attempts: readonly SandboxDelivery[] = []
  let sent = 0

  const record = (made: SandboxDelivery): void => {
    if (made.sender === 'vendor') attempts = [made, ...attempts].slice(0, capacity)
    on(made)
  }

  const judge = (endpoint: WebhookEndpoint, status: number | null): void => {
    const next = afterAttempt(endpoint, isDelivered(status))
    endpoints.update(next)
    if (!next.isPaused || endpoint.isPaused) return
    const failures = String(next.failures)
    on({ kind: 'warning', message: `${next.id} is paused after ${failures} failures in a row` })
  }

  const attempt = async (
    delivery: EventDelivery,
    nth: number,
    delivered: () => void,
  ): Promise<void> => {
    const { id, webhook, event, eventId, account, upload, sender, body } = delivery
    const endpoint = endpoints.find(webhook)
    if (endpoint === undefined || endpoint.isPaused) return
    const headers = headersOf(delivery, endpoint.secret)
    const status = await post(endpoint.url, headers, body, stopped.signal)
    if (stopped.signal.aborted) return
    const at = clock()
    const made = { id, webhook, event, eventId, account, upload, sender, attempt: nth, status, at }
    record({ kind: 'delivery', ...made })
    if (sender === 'stranger') return
    const current = endpoints.find(webhook)
    if (current !== undefined) judge(current, status)
    if (isDelivered(status)) delivered()
    const wait = retryAfter(nth, status)
    if (wait !== null)
      agenda.at(at + wait * timeScale, () => void attempt(delivery, nth + 1, delivered))
  }

  const remember = (event: Omit<EventDelivery, 'id'>): EventDelivery => {
    sent += 1
    const digits = hex(`delivery ${String(sent)}`)
    const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
    const delivery = { ...event, id }
    if (delivery.sender === 'vendor') deliveries.set(id, delivery)
    for (const oldest of deliveries.keys()) {
      if (deliveries.size <= capacity) break
      deliveries.delete(oldest)
    }
    return delivery
  }

  return {
    deliver: (event, delivered) => attempt(remember(event), 1, delivered),
    redeliver: (webhook, id) => {
      const delivery = deliveries.get(id)
      if (delivery?.webhook !== webhook) return null
      const again = remember({ ...delivery, redeliveryOf: id })
      agenda.at(clock(), () => void attempt(again, 1, () => undefined))
      return again.id
    },
    attempts: webhook => attempts.filter(made => made.webhook === webhook),
    stop: () => {
      stopped.abort()
    },
  }
}
