import { expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import type { WatchOptions } from 'rx-upload-status'
import { completed } from '../answers'
import { inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, lost } from './follow'

/** The answer after which no request follows. */
export const good = whole(200, JSON.stringify(completed))

/** R in the table: another attempt follows, as the policy says. */
export const isTriedAgain = (
  reply: Reply,
  failure: object,
  { attempts = 3, ...options }: WatchOptions & { readonly attempts?: number },
): void => {
  test('is tried again, and is the end after the last retry', async () => {
    const server = await wire(reply)
    expect(await follow(server.url, options).ended).toEqual([lost(failure, attempts)])
    expect(server.requests).toHaveLength(attempts)
  })

  test('is forgotten when a good answer follows', async () => {
    const server = await wire(inTurn(reply, good))
    expect(await follow(server.url, options).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(2)
  })
}

/** F in the table: one request, and none after it, although the next would be answered well. */
export const isFinal = (reply: Reply, failure: object, options: WatchOptions): void => {
  test('is the end at once, after one request', async () => {
    const server = await wire(inTurn(reply, good))
    expect(await follow(server.url, options).ended).toEqual([lost(failure, 1)])
    // Whatever else it had asked would have come before this.
    expect(await follow(server.url, options).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(2)
  })
}
