import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import { notify } from '../../src/runtime/notify'

describe('an event listener', () => {
  const unhandled = jest.fn()
  beforeEach(() => {
    unhandled.mockClear()
    process.on('unhandledRejection', unhandled)
  })
  afterEach(() => {
    process.off('unhandledRejection', unhandled)
  })

  test('is called with the event, and may be undefined', () => {
    const on = jest.fn()
    notify(on, 'an event')
    notify(undefined, 'an event')
    expect(on.mock.calls).toEqual([['an event']])
  })

  test('that throws is ignored', () => {
    expect(() => {
      notify(() => {
        throw new Error('of a listener')
      }, 'an event')
    }).not.toThrow()
  })

  test('that is async and rejects causes no unhandled rejection', async () => {
    const on = (): unknown => Promise.reject(new Error('of an async listener'))
    notify(on, 'an event')
    // Node reports unhandled rejections after the microtasks.
    await setImmediate()
    expect(unhandled).not.toHaveBeenCalled()
  })
})
