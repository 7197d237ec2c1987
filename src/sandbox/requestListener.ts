import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { requestAnswerer } from './answerRequest'
import { framings, type Framing } from './http/framing'
import { sendResponse } from './http/sendResponse'
import type { SandboxEvent } from './journal'
import { manageWebhooks } from './manageWebhooks'
import type { SandboxState } from './sandboxState'
import { seededFraction } from './seededRandom'
import { startUpload } from './startUpload'
import type { Webhooks } from './webhooks/webhooks'

/** Creates the request listener of a sandbox that listens on a port. */
export const requestListener = (
  state: SandboxState,
  webhooks: Webhooks,
  notify: (event: SandboxEvent) => void,
): RequestListener => {
  const answer = requestAnswerer<IncomingMessage>(state, notify, (request, route, quota) =>
    route.kind === 'webhooks'
      ? manageWebhooks(state, webhooks, request, route)
      : startUpload(state, request, route, quota),
  )
  let answers = 0
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    webhooks.wake()
    const planned = await answer(request.method ?? '', request.url ?? '', request)
    if (planned === null) return
    answers += 1
    sendResponse(planned, response, framingOf(state, answers))
  }
  return (request, response) => void serve(request, response)
}

const framingOf = ({ settings }: SandboxState, nth: number): Framing => {
  const { framing, seed } = settings
  if (framing !== 'mixed') return framing
  const drawn = seededFraction(seed, `framing ${String(nth)}`) * framings.length
  return framings[Math.floor(drawn)] ?? 'length'
}
