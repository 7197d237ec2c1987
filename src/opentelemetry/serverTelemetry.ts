import type { Meter } from '@opentelemetry/api'
import type { BudgetEvent } from '../budget/saturation'
import type { RelayEvent } from '../relay/relayEvent'
import type { WebhookEvent } from '../webhook/webhookEvent'

/** The counters of budgets, relays and webhooks. */
export const serverTelemetry = (
  meter: Meter,
): ((event: BudgetEvent | RelayEvent | WebhookEvent) => void) => {
  const counter = (name: string, unit: string, description: string) =>
    meter.createCounter(`upload_status.${name}`, { unit, description })

  const saturations = counter(
    'budget.saturations',
    '{saturation}',
    'Times that a budget became saturated.',
  )
  const active = meter.createUpDownCounter('upload_status.relay.active_streams', {
    unit: '{stream}',
    description: 'Open streams.',
  })
  const closed = counter('relay.closed_streams', '{stream}', 'Closed streams.')
  const refused = counter('relay.refusals', '{request}', 'Refused requests.')
  const defects = counter('relay.defects', '{defect}', 'Errors thrown by options.')
  const deliveries = counter('webhook.deliveries', '{delivery}', 'Webhook deliveries.')
  const delivered = (outcome: string, reason?: string): void => {
    deliveries.add(1, {
      'upload_status.webhook.outcome': outcome,
      ...(reason !== undefined && { 'upload_status.webhook.reason': reason }),
    })
  }

  return event => {
    switch (event._tag) {
      case 'Saturated':
        saturations.add(1)
        return
      case 'StreamOpened':
        active.add(1)
        return
      case 'StreamClosed':
        active.add(-1)
        closed.add(1, { 'upload_status.relay.reason': event.why })
        return
      case 'StreamRefused':
        refused.add(1, { 'http.response.status_code': event.status })
        return
      case 'RelayDefect':
        defects.add(1)
        return
      case 'DeliveryAccepted':
        delivered('accepted')
        return
      case 'DeliveryIgnored':
        delivered('ignored', event.reason)
        return
      case 'DeliveryRefused':
        delivered('refused', event.reason)
        return
      case 'Relieved':
      case 'AliveChanged':
      case 'StoreFailed':
    }
  }
}
