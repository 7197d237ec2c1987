import { expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import type { WatchOptions } from 'rx-upload-status'
import { completed } from '../answers'
import { inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, lost } from './follow'

/** The answer after which no request follows. */
export const good = whole(200, JSON.stringify(completed))

/** R in the table: retried, as `retry` allows. */
export const isRetried = (
  reply: Reply,
  failure: object,
  { attempts = 3, ...options }: WatchOptions & { readonly attempts?: number },
): void => {
  test('is retried, and ends the watch after the last retry', async () => {
    const server = await wire(reply)
    expect(await follow(server.url, options).ended).toEqual([lost(failure, attempts)])
    expect(server.requests).toHaveLength(attempts)
  })

  test('does not end the watch if a good answer follows', async () => {
    const server = await wire(inTurn(reply, good))
    expect(await follow(server.url, options).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(2)
  })
}

/** F in the table: one request, although the server would answer a second one well. */
export const isFinal = (reply: Reply, failure: object, options: WatchOptions): void => {
  test('ends the watch immediately, after one request', async () => {
    const server = await wire(inTurn(reply, good))
    expect(await follow(server.url, options).ended).toEqual([lost(failure, 1)])
    // Any other request of the first watch would have arrived before this one.
    expect(await follow(server.url, options).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(2)
  })
}
