import { describe, expect, jest, test } from '@jest/globals'
import { abortable } from '../../src/http/abortable'
import edge from '../../src/platform/edge'
import reactNative from '../../src/platform/reactNative'

describe('abortable', () => {
  test('returns a GET with the headers that follows no redirect and uses no cache', () => {
    const headers = { accept: 'application/json' }
    const { init } = abortable(headers)
    expect(init).toEqual({
      method: 'GET',
      headers,
      redirect: 'manual',
      cache: 'no-store',
      signal: expect.any(AbortSignal),
    })
  })

  test.each<[string, unknown]>([
    [
      'refuses the option, as workerd once did',
      function Request(_: string, init: RequestInit) {
        if ('cache' in init) throw new Error("The 'cache' field is not implemented")
      },
    ],
    ['has no Request', undefined],
  ])('omits the cache option if the host %s', async (_, request) => {
    const own = globalThis.Request
    Object.assign(globalThis, { Request: request })
    try {
      jest.resetModules()
      const fresh = await import('../../src/http/abortable')
      expect(Object.keys(fresh.abortable({}).init)).not.toContain('cache')
    } finally {
      globalThis.Request = own
    }
  })

  test('returns a separate signal, which aborts once', () => {
    const [one, other] = [abortable({}), abortable({})]
    const listener = jest.fn()
    one.init.signal.addEventListener('abort', listener)
    expect(one.init.signal.aborted).toBe(false)
    one.abort()
    one.abort()
    expect([one.init.signal.aborted, other.init.signal.aborted]).toEqual([true, false])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test.each([edge, reactNative])('is the one of edge and React Native', platform => {
    expect(platform.abortable).toBe(abortable)
  })
})
