import { expect, jest, test } from '@jest/globals'
import { requireTimers } from '../../src/relay/requireTimers'

test('a relay can be created where timers can be started, and starts none', () => {
  jest.useFakeTimers()
  requireTimers()
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})

test('where no timer can be started it says where to create the relay', () => {
  const start = jest.spyOn(globalThis, 'setTimeout').mockImplementation(() => {
    throw new Error('Disallowed operation called within global scope')
  })
  expect(requireTimers).toThrow('inside `fetch`, or in a Durable Object')
  start.mockRestore()
})
