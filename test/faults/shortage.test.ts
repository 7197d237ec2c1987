import net from 'node:net'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { completed } from '../answers'
import { wire } from '../http/wire'
import { follow } from './follow'
import { good } from './laws'
import { row } from './row'

afterEach(() => {
  jest.restoreAllMocks()
})

/** Makes the next connections of this process fail, because a test cannot use up all descriptors. */
const failToConnect = (code: string, times: number): void => {
  const connect: unknown = Reflect.get(net.Socket.prototype, 'connect')
  let failures = 0
  const short = function (this: net.Socket, ...args: readonly unknown[]): unknown {
    failures += 1
    if (failures > times) return Reflect.apply(connect as () => unknown, this, args as [])
    const error = Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' })
    process.nextTick(() => this.destroy(error))
    return this
  }
  jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(short as never)
}

row('no file descriptors left (EMFILE, ENFILE, EADDRNOTAVAIL)', ({ fetch }) => {
  describe.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])('%s', code => {
    test('is waited out each time, without spending a retry', async () => {
      const server = await wire(good)
      failToConnect(code, 10)
      const { ended, events } = follow(server.url, {
        fetch,
        retry: { retries: 0, base: 1, cap: 1 },
      })
      expect(await ended).toEqual([right(completed)])
      expect(events.filter(({ _tag }) => _tag === 'AttemptFailed')).toHaveLength(10)
      expect(
        events.flatMap(event => (event._tag === 'RetryScheduled' ? event.retries : [])),
      ).toEqual(Array(10).fill(0))
      expect(server.requests).toHaveLength(1)
    })
  })
})
