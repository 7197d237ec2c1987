import { createHmac } from 'node:crypto'
import type { UploadRef } from 'rx-upload-status'
import {
  createWebhook,
  type Webhook,
  type WebhookEvent,
  type WebhookOptions,
} from 'rx-upload-status/webhook'
import { completed, failed, ref } from '../answers'

export const secret = 'whsec_0123456789abcdef'

/** The vendor's id of an event. */
export const eventId = `evt_${'0123456789'.repeat(4)}`

/** An event in the spelling of the SDKs. */
export const ended = (
  status: 'completed' | 'failed' = 'completed',
  { account, upload }: UploadRef = ref,
): object => ({
  event: `media_uploads.${status}`,
  account_id: account,
  payload: { ...(status === 'completed' ? completed : failed), prefixed_id: upload },
})

/** An event in the other known spelling. */
export const endedOtherwise = ({ account, upload }: UploadRef = ref): object => ({
  event: 'media_uploads.completed',
  payload: { id: upload, account_id: account, media_id: 7, completed_at: '2026-01-01T00:00:00Z' },
})

export const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  )

export const signatureOf = (body: unknown, by = secret): string =>
  createHmac('sha256', by).update(bytesOf(body)).digest('hex')

/** The headers of a delivery, signed. */
export const headersOf = (body: unknown, by = secret): Record<string, string> => ({
  'content-type': 'application/json',
  'x-ofapi-idempotency-key': eventId,
  signature: signatureOf(body, by),
})

/** A delivery. A body that is neither bytes nor a string is sent as JSON. */
export const delivery = (body: unknown, headers = headersOf(body)): Request =>
  new Request('https://me.example/hook', { method: 'POST', headers, body: bytesOf(body) })

/** A webhook that logs its events. */
export const logged = (
  options: Partial<WebhookOptions> = {},
): { readonly webhook: Webhook; readonly events: WebhookEvent[] } => {
  const events: WebhookEvent[] = []
  const on = (event: WebhookEvent): void => void events.push(event)
  return { webhook: createWebhook({ secrets: [secret], on, ...options }), events }
}
