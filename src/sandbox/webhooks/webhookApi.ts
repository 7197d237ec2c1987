import { list, oneOf } from '../../failure/checked'
import { jsonResponse, type HttpResponse } from '../http/response'
import { shownAttempt } from './delivery'
import { shownEndpoint, type WebhookEndpoint } from './webhookEndpoint'
import { eventNames } from './eventBody'
import { webhookSecret, webhookUrl } from './deliveryOptions'
import type { WebhookRoute } from './webhookRoute'
import type { Webhooks } from './webhooks'

/** A request that the sandbox refuses, with the error message. */
interface Refused {
  readonly status: 404 | 422
  readonly error: string
}

type Fields = ReadonlyMap<string, unknown>

const missing: Refused = { status: 404, error: 'Webhook not found.' }

/** Returns the members of an endpoint that a body changes. Throws if one is invalid. */
const changes = (fields: Fields): Partial<WebhookEndpoint> => ({
  ...(fields.has('endpoint_url') && {
    url: webhookUrl(fields.get('endpoint_url'), 'endpoint_url'),
  }),
  ...(fields.has('signing_secret') && {
    secret: webhookSecret(fields.get('signing_secret'), 'signing_secret'),
  }),
  ...(fields.has('events') && {
    events: list(fields.get('events'), 'events', 'names of events').map(name =>
      oneOf(name, 'each of events', eventNames),
    ),
  }),
  // Resuming a webhook resets its failure count.
  ...(fields.get('enabled') === true && { isPaused: false, failures: 0 }),
  ...(fields.get('enabled') === false && { isPaused: true }),
})

const changesOf = (fields: Fields): Partial<WebhookEndpoint> | Refused => {
  try {
    return changes(fields)
  } catch (error) {
    return { status: 422, error: error instanceof Error ? error.message : 'Unprocessable.' }
  }
}

const isRefused = (given: object): given is Refused => 'error' in given

const shown = (status: number, endpoint: WebhookEndpoint): HttpResponse =>
  jsonResponse(status, { data: shownEndpoint(endpoint) })

/** Answers a request to `/api/webhooks`. `fields` are the members of its body. */
export const answerWebhooks = (
  { endpoints, attempts, redeliver }: Webhooks,
  route: Extract<WebhookRoute, { readonly kind: 'webhooks' }>,
  fields: Fields,
): HttpResponse | Refused => {
  const { action, webhook, delivery } = route
  if (action === 'list') return jsonResponse(200, { data: endpoints.all().map(shownEndpoint) })
  if (action === 'events') return jsonResponse(200, { data: eventNames })
  if (action === 'create') {
    const created = changesOf(new Map([['endpoint_url', undefined], ...fields]))
    if (isRefused(created)) return created
    const { url = '', secret = null, events = eventNames } = created
    return shown(201, endpoints.add({ url, secret, events }))
  }
  const endpoint = endpoints.find(webhook)
  if (endpoint === undefined) return missing
  switch (action) {
    case 'update': {
      const changed = changesOf(fields)
      if (isRefused(changed)) return changed
      endpoints.update({ ...endpoint, ...changed })
      return shown(200, { ...endpoint, ...changed })
    }
    case 'remove':
      endpoints.remove(webhook)
      return { status: 204, headers: {}, body: '' }
    case 'deliveries':
      return jsonResponse(200, { data: attempts(webhook).map(shownAttempt) })
    case 'redeliver': {
      if (endpoint.isPaused) return { status: 422, error: 'The webhook is paused.' }
      const id = redeliver(webhook, delivery)
      return id === null
        ? { status: 404, error: 'EventDelivery not found.' }
        : jsonResponse(202, { redelivery_id: id })
    }
  }
}
