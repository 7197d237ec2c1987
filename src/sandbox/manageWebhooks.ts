import type { IncomingMessage } from 'node:http'
import { errorResponse } from './http/response'
import { respondWith, type PlannedResponse } from './http/plannedResponse'
import { readUploadForm } from './http/uploadForm'
import type { SandboxState } from './sandboxState'
import { answerWebhooks } from './webhooks/webhookApi'
import type { WebhookRoute } from './webhooks/webhookRoute'
import type { Webhooks } from './webhooks/webhooks'

/** Answers a request to `/api/webhooks`; null if the client has disconnected before its end. */
export const manageWebhooks = async (
  { settings }: SandboxState,
  webhooks: Webhooks,
  request: IncomingMessage,
  route: Extract<WebhookRoute, { readonly kind: 'webhooks' }>,
): Promise<PlannedResponse | null> => {
  const refuse = (status: number, error: string): PlannedResponse =>
    respondWith(errorResponse(settings.errorMember, status, { error }))
  const hasBody = route.action === 'create' || route.action === 'update'
  const form = hasBody
    ? await readUploadForm(request, request.headers['content-type'] ?? '')
    : { kind: 'fields' as const, fields: new Map<string, unknown>() }
  if (form.kind === 'aborted') return null
  if (form.kind === 'unreadable') return refuse(422, form.error)
  const answered = answerWebhooks(webhooks, route, form.fields)
  return 'error' in answered ? refuse(answered.status, answered.error) : respondWith(answered)
}
