import { describe, expect, jest, test } from '@jest/globals'
import { abortable } from '../../src/http/abortable'
import edge from '../../src/platform/edge'
import reactNative from '../../src/platform/reactNative'

describe('a request that can be stopped', () => {
  test('sends the headers, follows no redirect and stores nothing', () => {
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
      'refuses to make such a request, as workerd once did',
      function Request(_: string, init: RequestInit) {
        if ('cache' in init) throw new Error("The 'cache' field is not implemented")
      },
    ],
    ['makes no requests of that kind', undefined],
  ])('does not mention the cache where the host %s', async (_, request) => {
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

  test('has a signal of its own, which is aborted once', () => {
    const [one, other] = [abortable({}), abortable({})]
    const listener = jest.fn()
    one.init.signal.addEventListener('abort', listener)
    expect(one.init.signal.aborted).toBe(false)
    one.abort()
    one.abort()
    expect([one.init.signal.aborted, other.init.signal.aborted]).toEqual([true, false])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test.each([edge, reactNative])('is that of every other platform', platform => {
    expect(platform.abortable).toBe(abortable)
  })
})
