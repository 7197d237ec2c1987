import { expect, jest, test } from '@jest/globals'
import { requireTimers } from '../../src/relay/requireTimers'

test('allows a relay where timers can be started, and leaves no timer', () => {
  jest.useFakeTimers()
  requireTimers()
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})

test('throws an error that says where to create the relay if no timer can be started', () => {
  const start = jest.spyOn(globalThis, 'setTimeout').mockImplementation(() => {
    throw new Error('Disallowed operation called within global scope')
  })
  expect(requireTimers).toThrow('inside `fetch`, or in a Durable Object')
  start.mockRestore()
})
