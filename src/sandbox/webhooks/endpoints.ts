import type { WebhookEndpoint } from './webhookEndpoint'

/** The endpoints of a sandbox. */
export interface Endpoints {
  readonly all: () => readonly WebhookEndpoint[]
  readonly find: (id: string) => WebhookEndpoint | undefined
  readonly add: (endpoint: Pick<WebhookEndpoint, 'url' | 'secret' | 'events'>) => WebhookEndpoint
  /** Replaces an endpoint by its next state. */
  readonly update: (endpoint: WebhookEndpoint) => void
  readonly remove: (id: string) => boolean
}

/** @param hex returns hex digits that depend only on the seed and the label */
export const createEndpoints = (hex: (label: string) => string): Endpoints => {
  const byId = new Map<string, WebhookEndpoint>()
  let added = 0
  return {
    all: () => [...byId.values()],
    find: id => byId.get(id),
    add: ({ url, secret, events }) => {
      added += 1
      const id = `webhook_${hex(`webhook ${String(added)}`).slice(0, 16)}`
      const endpoint = { id, url, secret, events, failures: 0, isPaused: false }
      byId.set(id, endpoint)
      return endpoint
    },
    update: endpoint => {
      byId.set(endpoint.id, endpoint)
    },
    remove: id => byId.delete(id),
  }
}
