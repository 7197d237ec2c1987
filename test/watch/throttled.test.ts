import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { NEVER, of, startWith, type Observable } from 'rxjs'
import {
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type UploadRef,
  type WatchOptions,
} from 'rx-upload-status'
import { pending } from '../answers'

const minute = 60_000

const turns = async (): Promise<void> => {
  for (let nth = 0; nth < 20; nth += 1) await Promise.resolve()
}

/** Simulates a page that has been hidden for five minutes: Chromium runs its timers once a minute. */
const inHiddenPage = (): void => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] })
    const start = performance.now()
    const setTimer = globalThis.setInterval
    globalThis.setInterval = ((work: () => void, ms = 0) => {
      const now = performance.now() - start
      return setTimer(work, Math.ceil((now + ms + 1) / minute) * minute - now)
    }) as typeof setInterval
  })
  afterEach(() => {
    jest.useRealTimers()
  })
}

const engines: ReadonlyArray<
  readonly [string, (ref: UploadRef, options: WatchOptions) => Observable<unknown>]
> = [
  ['one upload', ({ account, upload }, options) => uploadStatus$(account, upload, options)],
  ['many uploads', (ref, options) => uploadStatuses$(NEVER.pipe(startWith(ref)), options)],
]

describe.each(engines)('a hidden page with activity$ that stays true, watching %s', (_, watch$) => {
  inHiddenPage()

  test.each<[string, WatchOptions]>([
    ['by the default schedule', {}],
    ['every 2 s', { schedule: spaced(2_000) }],
    ['every 50 s', { schedule: spaced(50_000) }],
  ])('polls once a minute, although its timers are late: %s', async (_, options) => {
    let polls = 0
    const watching = watch$(
      { account: 'acct_1', upload: pending.prefixed_id },
      {
        apiKey: null,
        baseUrl: 'https://api.example',
        deadline: Infinity,
        activity$: of(true),
        fetch: () => {
          polls += 1
          return Promise.resolve(new Response(JSON.stringify(pending)))
        },
        ...options,
      },
    ).subscribe()
    for (let nth = 0; nth < 60; nth += 1) {
      jest.advanceTimersByTime(minute)
      await turns()
    }
    watching.unsubscribe()
    // The first late timers may count as a sleep.
    expect(polls).toBeGreaterThanOrEqual(58)
    expect(polls).toBeLessThanOrEqual(60)
  })
})
