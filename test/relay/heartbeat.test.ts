import { expect, jest, test } from '@jest/globals'
import { pending } from '../answers'
import { stopTime } from '../random/promiseTime'
import { head, open } from './byHand'

stopTime()

test('an idle stream sends heartbeats', async () => {
  const { next, leave } = await open({ heartbeat: 15_000 })
  expect(await next()).toBe(head)
  const beat = next()
  jest.advanceTimersByTime(14_999)
  await expect(Promise.race([beat, Promise.resolve('nothing')])).resolves.toBe('nothing')
  jest.advanceTimersByTime(1)
  expect(await beat).toBe(':\n\n')
  await leave()
})

test('heartbeats do not accumulate, and a reader that misses four is disconnected', async () => {
  const { next, emit, events, following } = await open({ heartbeat: 1_000 })
  expect(await next()).toBe(head)
  emit(pending)
  jest.advanceTimersByTime(3_999)
  expect(await next()).toMatch(/^id: 1\n/)
  jest.advanceTimersByTime(4_001)
  expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'stalled', streams: 0 })
  expect(following()).toBe(0)
  expect(await next()).toBeNull()
})

test('a stream ends after its lifetime, so that authorize is called again', async () => {
  const { next, events } = await open({ lifetime: 60_000, heartbeat: 30_000 })
  expect(await next()).toBe(head)
  const more = next()
  jest.advanceTimersByTime(29_000)
  expect(events).toHaveLength(1)
  jest.advanceTimersByTime(31_000)
  expect(await more).toBe(':\n\n')
  expect(await next()).toBe('event: over\n\n')
  expect(await next()).toBeNull()
  expect(events.at(-1)).toEqual({ _tag: 'StreamClosed', why: 'lifetime', streams: 0 })
})
