import { ServerResponse, type OutgoingHttpHeaders } from 'node:http'

let answers = 0

/**
 * Makes two in three answers of this process chunked, as most servers on the internet answer: they
 * lose their `Content-Length`.
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
