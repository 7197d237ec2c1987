import { EventEmitter } from 'node:events'
import type { Agent, ClientRequest } from 'node:http'
import { isRecord } from '../api/parseJson'

const isAnswered = (request: ClientRequest): boolean => {
  const response: unknown = Reflect.get(request, 'res')
  return isRecord(response) && response['complete'] === true
}

/** Emits an event of a request, but no error that follows its complete answer. */
function emitUntilAnswered(
  this: ClientRequest,
  event: string | symbol,
  ...values: readonly unknown[]
): boolean {
  if (event === 'error' && isAnswered(this)) return false
  return EventEmitter.prototype.emit.call(this, event, ...values)
}

/**
 * Makes the requests of an agent read answers as browsers and Node's own fetch do:
 *
 * - An error that follows a complete answer is ignored. If a server sends more bytes than its
 *   `Content-Length` says, Node closes the connection and reports a parse error, for which cross-fetch
 *   would discard the answer.
 * - A header that was sent twice has both values. Of some, such as `Retry-After`, Node drops the second.
 */
export const readingAnswersWhole = <A extends Agent>(agent: A): A => {
  // Node's types do not declare it.
  const add: unknown = Reflect.get(agent, 'addRequest')
  if (typeof add !== 'function') return agent
  Reflect.set(agent, 'addRequest', (request: ClientRequest, ...rest: readonly unknown[]): void => {
    Reflect.set(request, 'joinDuplicateHeaders', true)
    request.emit = emitUntilAnswered
    Reflect.apply(add, agent, [request, ...rest])
  })
  return agent
}
