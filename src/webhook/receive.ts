import type { Either } from 'fp-ts/Either'
import { parseJson } from '../api/parseJson'
import type { TerminalStatus } from '../api/status'
import { refName, type UploadRef } from '../api/uploadRef'
import { eventIdOf, readEvent, signatureOf, type EndEvent } from '../api/webhook'
import * as E from '../failure/either'
import type { PushedStatus } from '../watch/push'
import { isSigned, type Bytes } from './isSigned'
import { settle, spare, timeLimit, tooLate } from './timeLimit'
import { readBytes } from './readBytes'
import {
  refusals,
  type Refusals,
  type DeliveryEvent,
  type DeliveryIgnored,
  type StoreFailed,
} from './webhookEvent'
import { checkedSecrets, type WebhookSettings } from './webhookOptions'

/** The side effects of deliveries. */
export interface Effects {
  /** Called when a delivery is verified. */
  readonly verified: () => void
  readonly push: (pushed: PushedStatus & { readonly status: TerminalStatus }) => void
  /** Returns the terminal status of an upload that was pushed recently. */
  readonly endOf: (ref: UploadRef) => TerminalStatus | undefined
  readonly storeFailed: (step: StoreFailed['step']) => void
}

type Reason = keyof Refusals

/** Milliseconds for which a processed event is remembered. */
const rememberFor = 86_400_000

/** Creates the handler of a delivery, which resolves with its event. It never rejects. */
export const receiver =
  (settings: WebhookSettings, effects: Effects) =>
  async (request: Request): Promise<DeliveryEvent> => {
    const { accept, ackWithin, maxBytes, onStatus, secrets, store } = settings
    const time = timeLimit(ackWithin)
    const header = (name: string): string | null => request.headers.get(name)
    const eventId = eventIdOf(header)

    const refused = (reason: Reason): DeliveryEvent => ({
      _tag: 'DeliveryRefused',
      reason,
      status: refusals[reason],
      eventId,
    })

    const ignored = (
      reason: DeliveryIgnored['reason'],
      ref: UploadRef | null,
      problems: DeliveryIgnored['problems'] = [],
    ): DeliveryEvent => ({ _tag: 'DeliveryIgnored', reason, ref, problems, eventId })

    /** Waits for a step, and refuses the delivery if it fails or takes too long. */
    const step = async <A>(
      reason: Reason,
      work: () => A | PromiseLike<A>,
    ): Promise<Either<DeliveryEvent, A>> => {
      try {
        return E.right(await time.waitFor(work()))
      } catch (error) {
        return E.left(refused(error === tooLate ? 'late' : reason))
      }
    }

    const read = async (): Promise<Either<DeliveryEvent, Bytes>> => {
      if (request.method !== 'POST') return E.left(refused('method'))
      const body = await step('incomplete', () => readBytes(request, maxBytes))
      if (E.isLeft(body)) return body
      return E.isLeft(body.right) ? E.left(refused(body.right.left)) : body.right
    }

    const verify = async (bytes: Bytes): Promise<Either<DeliveryEvent, Bytes>> => {
      const signed = signatureOf(header)
      if (signed === null) return E.left(refused('unsigned'))
      const known = await step('secrets', async () =>
        checkedSecrets(typeof secrets === 'function' ? await secrets() : secrets),
      )
      if (E.isLeft(known)) return known
      const isGenuine = await isSigned(bytes, signed, known.right)
      return isGenuine ? E.right(bytes) : E.left(refused('forged'))
    }

    const process = async (pushed: EndEvent, key: string): Promise<DeliveryEvent> => {
      const processed = await step('onStatus', () => onStatus(pushed))
      if (E.isLeft(processed)) {
        await settle(
          () => store.release(key),
          () => {
            effects.storeFailed('release')
          },
        )
        return processed.left
      }
      effects.push(pushed)
      await settle(
        () => store.done(key, rememberFor),
        () => {
          effects.storeFailed('done')
        },
      )
      const { account, upload, status } = pushed
      return { _tag: 'DeliveryAccepted', account, upload, status: status.status, eventId }
    }

    const claim = async (pushed: EndEvent): Promise<DeliveryEvent> => {
      const { account, upload, status } = pushed
      const ref = { account, upload }
      const isOurs = await step('accept', () => accept(ref))
      if (E.isLeft(isOurs)) return isOurs.left
      if (!isOurs.right) return ignored('notAccepted', ref)
      // The upload identifies the event, because it ends only once. The vendor's id is not signed.
      const key = refName(ref)
      const claimed = await step('store', () => store.claim(key, ackWithin + spare))
      if (E.isLeft(claimed)) return claimed.left
      if (claimed.right === 'claimed') return process(pushed, key)
      if (claimed.right === 'busy') return refused('busy')
      const known = effects.endOf(ref) ?? status
      return ignored(known.status === status.status ? 'duplicate' : 'conflicting', ref)
    }

    const handle = async (): Promise<DeliveryEvent> => {
      const body = await read()
      if (E.isLeft(body)) return body.left
      const verified = await verify(body.right)
      if (E.isLeft(verified)) return verified.left
      effects.verified()
      const json = parseJson(new TextDecoder().decode(verified.right), text => text)
      if (E.isLeft(json) && json.left.reason !== 'tooDeep') return refused('notJson')
      const event = readEvent(E.isRight(json) ? json.right : null)
      if (E.isRight(event)) return claim(event.right)
      const { reason, ref, problems } = event.left
      return ignored(reason, ref, problems)
    }

    const event = await handle()
    time.end()
    return event
  }
