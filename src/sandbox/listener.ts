import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Answerer } from './answerRequest'
import { deliver, statusOf } from './deliver'
import type { SandboxEvent } from './journal'
import { whole, type Outcome } from './outcome'
import { errorReply } from './reply'
import { routeOf } from './route'

/**
 * Answers requests and tells of each when its answer is chosen, before the first byte: whoever
 * has an answer finds it told. A defect of the sandbox is a 500 and a warning, never a crash.
 */
export const requestListener = (
  answer: Answerer,
  clock: () => number,
  tell: (event: SandboxEvent) => void,
): RequestListener => {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? ''
    const route = routeOf(method, request.url ?? '')
    const outcome = await answer(request, route).catch((defect: unknown): Outcome => {
      tell({ kind: 'warning', message: `defect in the sandbox: ${String(defect)}` })
      return whole(errorReply(500, { error: 'The sandbox is broken.' }, null))
    })
    tell({
      kind: 'request',
      method,
      path: route.path,
      upload: outcome?.upload ?? null,
      status: outcome && statusOf(outcome.delivery),
      at: clock(),
    })
    if (outcome !== null) deliver(outcome.delivery, outcome.delay, response)
  }
  return (request, response) => void serve(request, response)
}
