import { describe, expect, test } from '@jest/globals'
import { lastValueFrom } from 'rxjs'
import { relayedUploadStatus$, type RelayedOptions } from 'rx-upload-status/relay/client'
import { ref } from '../../answers'

const watch = (fetch: RelayedOptions['fetch']): ReturnType<typeof lastValueFrom> =>
  lastValueFrom(
    relayedUploadStatus$('/live', ref.account, ref.upload, {
      fetch,
      retry: { retries: 1, base: 1, cap: 1 },
    }),
  )

const ways: ReadonlyArray<readonly [string, (error: Error) => Promise<never>]> = [
  [
    'throws',
    error => {
      throw error
    },
  ],
  ['rejects with', error => Promise.reject(error)],
]

describe('a connection to a relay', () => {
  test('throws without a global TextDecoder, and sends no request', async () => {
    const own = globalThis.TextDecoder
    Reflect.deleteProperty(globalThis, 'TextDecoder')
    let requests = 0
    const ended = watch(() => {
      requests += 1
      return Promise.reject(new Error('reset'))
    })
    const defect: unknown = await ended.catch((error: unknown) => error)
    globalThis.TextDecoder = own
    expect(defect).toEqual(
      new ReferenceError('there is no TextDecoder here: a relay needs a global one'),
    )
    expect(requests).toBe(0)
  })

  test.each(ways)('retries and ends with Unreachable if fetch %s an error', async (_, fail) => {
    let requests = 0
    const ended = watch(() => {
      requests += 1
      return fail(new Error('reset'))
    })
    await expect(ended).resolves.toMatchObject({ left: { _tag: 'Unreachable' } })
    expect(requests).toBe(2)
  })

  test.each(ways)('errors if fetch %s a TypeError of a bug', async (_, fail) => {
    const ended = watch(() => fail(new TypeError('x is not a function')))
    await expect(ended).rejects.toThrow(new TypeError('x is not a function'))
  })
})
