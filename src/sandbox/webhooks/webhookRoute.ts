import { pathPattern } from '../http/pathPattern'
import type { WebhookPath } from '../platform/imitatedPlatform'

/** The action of a request to `/api/webhooks`. */
type WebhookAction = 'list' | 'create' | 'events' | 'update' | 'remove' | 'deliveries' | 'redeliver'

/** The endpoint of the webhooks that a request addresses. */
export type WebhookRoute =
  | {
      readonly kind: 'webhooks'
      readonly path: WebhookPath
      readonly action: WebhookAction
      /** The id of the webhook; empty if the path has none. */
      readonly webhook: string
      /** The id of the delivery; empty if the path has none. */
      readonly delivery: string
    }
  | { readonly kind: 'wrongMethod'; readonly path: WebhookPath; readonly allow: string }

/** The actions by path. The first match counts. */
const actions: ReadonlyArray<
  readonly [path: WebhookPath, byMethod: Readonly<Record<string, WebhookAction>>]
> = [
  ['/api/webhooks', { GET: 'list', POST: 'create' }],
  ['/api/webhooks/events', { GET: 'events' }],
  ['/api/webhooks/{webhook}', { PUT: 'update', DELETE: 'remove' }],
  ['/api/webhooks/{webhook}/deliveries', { GET: 'deliveries' }],
  ['/api/webhooks/{webhook}/deliveries/{delivery}/redeliver', { POST: 'redeliver' }],
]

const routes = actions.map(([path, byMethod]) => ({ path, byMethod, pattern: pathPattern(path) }))

/** Parses a method and a path without its query; null if it is not a webhook route. */
export const parseWebhookRoute = (method: string, pathname: string): WebhookRoute | null => {
  for (const { path, byMethod, pattern } of routes) {
    const found = pattern.exec(pathname)
    if (found === null) continue
    const action = Object.hasOwn(byMethod, method) ? byMethod[method] : undefined
    if (action === undefined)
      return { kind: 'wrongMethod', path, allow: Object.keys(byMethod).join(', ') }
    const { webhook = '', delivery = '' } = found.groups ?? {}
    return { kind: 'webhooks', path, action, webhook, delivery }
  }
  return null
}
