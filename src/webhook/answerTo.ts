import type { DeliveryEvent, Refusals } from './webhookEvent'

/** The error message of each refusal. It never quotes the delivery. */
const advice: { readonly [Reason in keyof Refusals]: string } = {
  forged: 'the signature does not match the body',
  unsigned: 'the signature is missing',
  notJson: 'the body is not JSON',
  incomplete: 'the body is incomplete',
  method: 'only POST is allowed',
  tooLarge: 'the body is too large',
  bodyRead:
    'the body was read before the webhook; pass the request untouched: in Express, mount the webhook before express.json()',
  busy: 'the event is being processed',
  late: 'the event took too long',
  secrets: 'temporarily unavailable',
  accept: 'temporarily unavailable',
  store: 'temporarily unavailable',
  onStatus: 'temporarily unavailable',
}

/**
 * The response to a delivery. Never a 404 or 410, after which the vendor would not resend the event.
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
