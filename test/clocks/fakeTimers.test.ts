import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { createUploadStatusClient, uploadStatus$, type WatchOptions } from 'rx-upload-status'

// The default clock under the fake timers of Jest, as in the tests of users.

type Fakeable = 'performance' | 'setImmediate'

const fakeTimers = (doNotFake: readonly Fakeable[]): void => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', ...doNotFake] })
}

afterEach(() => {
  jest.useRealTimers()
})

const ref = ['acct_1', 'ofapi_media_1'] as const
const apiKey = 'sk_live_0123456789'

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

/** Advances the timers by this many seconds. */
const pass = async (seconds: number): Promise<void> => {
  for (let tenth = 0; tenth < 10 * seconds; tenth += 1) {
    await settle()
    jest.advanceTimersByTime(100)
  }
  await settle()
}

const watches = {
  uploadStatus$: (options: WatchOptions) => uploadStatus$(...ref, options),
  'a client': (options: WatchOptions) => createUploadStatusClient(options).uploadStatus$(...ref),
}

/** The values of a watch within 10 s. The upload is completed at its third poll, or never. */
const emitted = async (
  watch$: (options: WatchOptions) => ReturnType<typeof uploadStatus$>,
  options: WatchOptions,
  ends: boolean,
): Promise<readonly string[]> => {
  const seen: string[] = []
  let polls = 0
  const fetch = (): Promise<Response> => {
    polls += 1
    const status = ends && polls === 3 ? 'completed' : 'processing'
    return Promise.resolve(Response.json({ status, prefixed_id: ref[1], media: { id: 1 } }))
  }
  watch$({ fetch, apiKey, ...options }).subscribe({
    next: value => seen.push(value._tag === 'Left' ? value.left._tag : value.right.status),
    complete: () => seen.push('complete'),
  })
  await pass(10)
  return seen
}

describe.each(Object.entries(watches))('%s under fake timers', (_, watch$) => {
  test.each<[string, readonly Fakeable[]]>([
    ['with a fake performance.now', []],
    ['with the real performance.now', ['performance']],
  ])(
    '%s polls on schedule and ends at its deadline, in several tests in a row',
    async (_, doNotFake) => {
      for (let nth = 0; nth < 3; nth += 1) {
        fakeTimers(doNotFake)
        expect(await emitted(watch$, {}, true)).toEqual(['processing', 'completed', 'complete'])
        expect(await emitted(watch$, { deadline: 8_000 }, false)).toEqual([
          'processing',
          'Expired',
          'complete',
        ])
        jest.useRealTimers()
      }
    },
  )
})
