import type { UploadRef } from '../../api/uploadRef'
import { createAgenda } from './agenda'
import { createDeliveries, type Deliveries, type DeliveryHost } from './deliveries'
import { createEndpoints, type Endpoints } from './endpoints'
import { eventNameOf, eventNames, type End } from './eventBody'
import { pushAt, type ScriptedPush, type Spelling } from './plan'
import { sendsOf, type Send } from './sends'
import { webhookDefaults, type WebhookSettings } from './deliveryOptions'

/** An upload whose end causes an event. */
export interface EventUpload extends UploadRef {
  readonly push: ScriptedPush
  readonly end: End
  /** The time of its end, on the clock; null if a poll decides it. */
  readonly endAt: number | null
  /** Returns the body of the event for an end. */
  readonly bodyOf: (end: End, spelling: Spelling) => string
}

/** The webhooks of a sandbox, and the events that it sends to them. */
export interface Webhooks extends Pick<Deliveries, 'redeliver' | 'attempts'> {
  readonly endpoints: Endpoints
  /** Returns how the event of the next upload is sent. */
  readonly nextPush: () => ScriptedPush
  /** Call when an upload is accepted. Resolves when its POST may be answered. */
  readonly accepted: (upload: EventUpload) => Promise<void>
  /** Call when a poll has ended an upload. */
  readonly ended: (upload: EventUpload) => void
  /** Sends overdue events. */
  readonly wake: () => void
  /** Stops sending. */
  readonly close: () => void
}

/** The part of the webhooks that an upload notifies. */
export type Pushes = Pick<Webhooks, 'nextPush' | 'accepted' | 'ended'>

/** The most ms that an out-of-order event waits for another one. */
const maxHold = 10_000

export const createWebhooks = (
  settings: WebhookSettings | null,
  { clock, hex, on }: Pick<DeliveryHost, 'clock' | 'hex' | 'on'>,
): Webhooks => {
  const { plan, timeScale } = settings ?? webhookDefaults
  const endpoints = createEndpoints(hex)
  const agenda = createAgenda(clock, () => endpoints.all().length > 0)
  if (settings !== null) endpoints.add({ ...settings, events: eventNames })
  const deliveries = createDeliveries({ endpoints, agenda, clock, hex, timeScale, on })
  const held = new Set<() => void>()
  let pushes = 0

  /** Sends an event to all its endpoints. Resolves after the first attempts. */
  const deliver = async (given: EventUpload, send: Send): Promise<void> => {
    const { account, upload } = given
    const { end, spelling, sender, isSigned, next } = send
    const event = eventNameOf(end)
    const eventId = `evt_${hex(`${event} ${upload}`).slice(0, 40)}`
    const body = given.bodyOf(end, spelling)
    const sent = { account, upload, event, eventId, body, sender, isSigned, redeliveryOf: null }
    await Promise.all(
      endpoints
        .all()
        .filter(({ events, isPaused }) => events.includes(event) && !isPaused)
        .map(({ id: webhook }) =>
          deliveries.deliver({ ...sent, webhook }, () => {
            if (next !== null) void start(given, next)
          }),
        ),
    )
  }

  const hold = (upload: EventUpload, send: Send): void => {
    const release = (): void => {
      if (!held.delete(release)) return
      cancel()
      void deliver(upload, send)
    }
    const cancel = agenda.at(clock() + maxHold * timeScale, release)
    held.add(release)
  }

  const startNow = async (upload: EventUpload, send: Send): Promise<void> => {
    if (send.isHeld) {
      hold(upload, send)
      return
    }
    const waiting = [...held]
    await deliver(upload, send)
    for (const release of waiting) release()
  }

  /** Sends an event when it is due. Resolves after the first attempts if it is due now. */
  const start = async (upload: EventUpload, send: Send): Promise<void> => {
    if (send.delay === 0) await startNow(upload, send)
    else agenda.at(clock() + send.delay, () => void startNow(upload, send))
  }

  const startAll = async (upload: EventUpload, sends: readonly Send[]): Promise<void> => {
    await Promise.all(sends.map(send => start(upload, send)))
  }

  return {
    endpoints: {
      ...endpoints,
      add: endpoint => {
        const added = endpoints.add(endpoint)
        agenda.wake()
        return added
      },
    },
    nextPush: () => {
      pushes += 1
      return pushAt(plan, pushes)
    },
    accepted: async upload => {
      const { push, end, endAt } = upload
      const sends = sendsOf(push, end)
      void startAll(upload, sends.accepted)
      if (endAt === null) return
      if (push.kind === 'beforeAccepted') await startAll(upload, sends.ended)
      else agenda.at(endAt, () => void startAll(upload, sends.ended))
    },
    ended: upload => void startAll(upload, sendsOf(upload.push, upload.end).ended),
    redeliver: deliveries.redeliver,
    attempts: deliveries.attempts,
    wake: agenda.wake,
    close: () => {
      agenda.clear()
      deliveries.stop()
    },
  }
}
