import type { DeliveryEvent, Refusals } from './webhookEvent'

/** What the sender can do about it. It says nothing of what was sent. */
const advice: { readonly [Reason in keyof Refusals]: string } = {
  forged: 'the signature is not of these bytes',
  unsigned: 'there is no signature',
  notJson: 'the body is no JSON',
  incomplete: 'the body was not sent to its end',
  method: 'only POST is allowed',
  tooLarge: 'the body is too large',
  bodyRead:
    'the body was read before the webhook; pass the request untouched: in Express, mount the webhook before express.json()',
  busy: 'the event is being processed',
  late: 'the event took too long',
  secrets: 'not now',
  accept: 'not now',
  store: 'not now',
  onStatus: 'not now',
}

/**
 * The answer to a delivery. Never a 404 or 410, after which the vendor would not send the event again.
 */
export const answerTo = (event: DeliveryEvent): Response => {
  if (event._tag !== 'DeliveryRefused')
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  const { reason, status } = event
  return new Response(JSON.stringify({ error: advice[reason] }), {
    status,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json',
      ...(reason === 'method' && { allow: 'POST' }),
    },
  })
}
