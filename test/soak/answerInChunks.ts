import { ServerResponse, type OutgoingHttpHeaders } from 'node:http'

let answers = 0

/**
 * Removes the `Content-Length` of two in three answers of this process, so that they are chunked, as most
 * answers on the internet are.
 */
export const answerInChunks = (): void => {
  const writeHead: unknown = Reflect.get(ServerResponse.prototype, 'writeHead')
  if (typeof writeHead !== 'function') throw new Error('this Node writes heads in another way')
  const writeFewerLengths = function (
    this: ServerResponse,
    status: number,
    headers: OutgoingHttpHeaders = {},
  ): unknown {
    answers += 1
    const { 'content-length': length, ...rest } = headers
    const isChunked = answers % 3 !== 0 || length === undefined
    return Reflect.apply(writeHead, this, [status, isChunked ? rest : headers])
  }
  Reflect.set(ServerResponse.prototype, 'writeHead', writeFewerLengths)
}
