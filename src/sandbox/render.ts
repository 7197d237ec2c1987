import type { Delivery } from './deliver'
import { mediaOf, type MediaSource } from './media'
import type { RateLimits } from './rateLimit'
import { errorReply, jsonReply, type JsonObject, type Reply } from './reply'
import type { ScriptedAnswer } from './scenario'
import type { WholeAnswer } from './wholeAnswer'

/** What a scripted answer becomes for one upload, at one moment of the rate window. */
export const deliveryOf = (
  answer: ScriptedAnswer,
  upload: MediaSource,
  limits: RateLimits | null,
): Delivery => {
  switch (answer.kind) {
    case 'cut':
    case 'trickle':
      return { ...answer, reply: replyOf(answer.of, upload, limits) }
    case 'reset':
    case 'silent':
    case 'wire':
      return answer
    default:
      return { kind: 'whole', reply: replyOf(answer, upload, limits) }
  }
}

const replyOf = (answer: WholeAnswer, upload: MediaSource, limits: RateLimits | null): Reply => {
  const status = (more: JsonObject = {}): Reply =>
    jsonReply(200, { status: answer.kind, prefixed_id: upload.upload, ...more }, limits)
  switch (answer.kind) {
    case 'pending':
    case 'processing':
      return status()
    case 'completed':
      return status({
        media: mediaOf({ ...upload, endpoint: answer.endpoint ?? upload.endpoint }),
        credits_used: 3,
      })
    case 'failed':
      return status({ error: answer.error })
    case 'apiError':
      return errorReply(answer.status, answer, limits, answer.headers)
    case 'json':
      return jsonReply(answer.status, answer.body, limits, answer.headers)
    case 'html':
      return {
        status: answer.status,
        headers: { 'content-type': 'text/html; charset=UTF-8' },
        body: errorPage(answer.status),
      }
    case 'reply':
      return answer
  }
}

const errorPage = (status: number): string =>
  `<!DOCTYPE html>
<html lang="en">
<head><title>sandbox.example | ${String(status)}</title></head>
<body><h1>Error ${String(status)}</h1><p>The edge network says this, not the API.</p></body>
</html>
`
