import { isLeft, isRight, type Either } from 'fp-ts/Either'
import { lastValueFrom, toArray } from 'rxjs'
import type { Failure } from '../../src/failure/failure'
import type { Answer } from '../../src/api/answer'
import type { FetchResponse } from '../../src/http/fetch'
import { request$, type RequestSettings } from '../../src/http/request'
import node from '../../src/platform/node'

export const key = 'sk_test/4711/0815'

/** The most bytes of a body after decompression. */
export const bodyCap = 256 * 1_024

export const settings: RequestSettings = {
  fetch: node.fetch,
  apiKey: () => key,
  headers: {},
  attemptTimeout: 4_000,
}

export type Result = Either<Failure, Answer>

/** The one value of a request, which then completes. */
export const ask = async (url: string, how: Partial<RequestSettings> = {}): Promise<Result> => {
  const values = await lastValueFrom(request$(url, { ...settings, ...how }).pipe(toArray()))
  const [value, ...rest] = values
  if (value === undefined || rest.length > 0) throw new Error(`${String(values.length)} values`)
  return value
}

export const answerOf = (result: Result): Answer => {
  if (isRight(result)) return result.right
  throw new Error(`no answer: ${JSON.stringify(result.left)}`)
}

export const failureOf = (result: Either<Failure, unknown>): Failure => {
  if (isLeft(result)) return result.left
  throw new Error(`no failure: ${JSON.stringify(result.right)}`)
}

/** All data of a result. */
export const shown = (result: Result): string => JSON.stringify(result)

/** A stub of a response. */
export const response = (body: string, part: Partial<FetchResponse> = {}): FetchResponse => ({
  status: 200,
  headers: { get: () => null },
  text: () => Promise.resolve(body),
  ...part,
})
