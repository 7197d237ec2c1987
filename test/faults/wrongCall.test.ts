import { expect, test } from '@jest/globals'
import type { Fetch } from '../../src/http/fetch'
import { wire } from '../http/wire'
import { follow, key } from './follow'
import { good } from './laws'
import { row } from './row'

row('a TypeError or ReferenceError in this package, or in the given fetch', ({ fetch }) => {
  const mistakes: ReadonlyArray<readonly [string, Fetch]> = [
    [
      'passes an invalid header name',
      (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'not a name': 'x' } }),
    ],
    ['passes an invalid URL', (_, init) => fetch('no URL', init)],
    [
      'passes an invalid signal',
      (url, init) => fetch(url, Object.assign({}, init, { signal: {} })),
    ],
    [
      'throws because it calls what is not a function',
      () => {
        throw new TypeError('x is not a function')
      },
    ],
    [
      'rejects because it calls what is not a function',
      () => Promise.reject(new TypeError('x is not a function')),
    ],
    ['uses an undefined variable', () => Promise.reject(new ReferenceError('x is not defined'))],
    [
      'reads the body before it returns',
      async (url, init) => {
        const response = await fetch(url, init)
        await response.text()
        return response
      },
    ],
  ]

  test.each(mistakes)('a fetch that %s ends the watch on the error channel', async (_, wrong) => {
    const server = await wire(good)
    let requests = 0
    const followed = follow(server.url, {
      fetch: (url, init) => {
        requests += 1
        return wrong(url, init)
      },
    })
    const defect: unknown = await followed.ended.catch((error: unknown) => error)
    expect(String(defect)).toMatch(/^(TypeError|ReferenceError): /)
    expect(JSON.stringify([defect, String(defect)])).not.toContain(key)
    expect(followed.values).toEqual([])
    expect(requests).toBe(1)
  })
})
