import { describe, expect, jest, test } from '@jest/globals'
import { isRight, left, right, type Either } from 'fp-ts/Either'
import { from, lastValueFrom, map, of, toArray } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  unavailable,
  uploadStatus$,
  uploadStatuses$,
  type Failure,
  type UploadRef,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { inVirtualTime, sourceOf } from 'rx-upload-status/testing'

const ref: UploadRef = { account: 'acct_1', upload: 'ofapi_media_1' }
const prefixed_id = ref.upload
const pending: Either<Failure, UploadStatus> = right({ status: 'pending', prefixed_id })
const completed: Either<Failure, UploadStatus> = right({
  status: 'completed',
  prefixed_id,
  media: { id: 7 },
})
const values: { readonly [mark: string]: Either<Failure, UploadStatus> } = {
  p: pending,
  w: right({ status: 'processing', prefixed_id }),
  c: completed,
  u: left(unavailable(503)),
}

const run = (test: (helpers: RunHelpers, scheduler: TestScheduler) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected)
  })
  scheduler.run(helpers => {
    test(helpers, scheduler)
  })
}

/** The option `request`, with one marble diagram for each attempt. */
const attempts = (
  { cold }: RunHelpers,
  marbles: readonly string[],
): {
  readonly request: NonNullable<WatchOptions['request']>
  readonly subscribed: () => number
} => {
  let nth = 0
  const request: NonNullable<WatchOptions['request']> = () =>
    cold(marbles[Math.min(nth++, marbles.length - 1)] ?? '', values)
  return { request, subscribed: () => nth }
}

describe('a watch inside TestScheduler.run', () => {
  // A budget in real time, as in an application.
  const budget = requestBudget({ perMinute: 60 })

  test.each<[string, (scheduler: TestScheduler) => WatchOptions]>([
    ['with the clock of the scheduler', inVirtualTime],
    ['without a clock', () => ({ random: () => 0.5 })],
    ['with a budget that has a real clock', () => ({ random: () => 0.5, budget })],
  ])('runs in virtual time, %s', (_, options) => {
    run((helpers, scheduler) => {
      const { request } = attempts(helpers, ['-(p|)', '-(w|)', '5ms (c|)'])
      const watch$ = uploadStatus$(ref.account, ref.upload, {
        ...options(scheduler),
        schedule: spaced(1_000),
        request,
      })
      helpers.expectObservable(watch$).toBe('-p 1000ms w 1004ms (c|)', values)
    })
  })

  test('unsubscribes from a slow attempt at its timeout, and retries', () => {
    run((helpers, scheduler) => {
      const never$ = helpers.cold<never>('-')
      const answers = [never$, helpers.cold('(u|)', values), helpers.cold('(c|)', values)]
      const watch$ = uploadStatus$(ref.account, ref.upload, {
        ...inVirtualTime(scheduler),
        attemptTimeout: 100,
        retry: { base: 10, cap: 10 },
        request: () => answers.shift() ?? never$,
      })
      helpers.expectObservable(watch$).toBe('110ms (c|)', values)
      helpers.expectSubscriptions(never$.subscriptions).toBe('^ 99ms !')
    })
  })

  test('runs in virtual time with uploadStatuses$ and a client, too, at 30 polls a minute', () => {
    run((helpers, scheduler) => {
      const { request, subscribed } = attempts(helpers, [
        ...Array<string>(100).fill('(p|)'),
        '(c|)',
      ])
      const options = { ...inVirtualTime(scheduler), schedule: spaced(2_000), request }
      const tags$ = uploadStatuses$([ref], options).pipe(map(({ status }) => status))
      helpers.expectObservable(tags$).toBe('p 199999ms (c|)', values)
      helpers.flush()
      expect(subscribed()).toBe(101)
      const late$ = createUploadStatusClient(options).uploadStatus$(ref.account, ref.upload)
      helpers.expectObservable(late$).toBe('200s (c|)', values)
    })
  })

  test('errors if `request` completes without a value, emits no Either, or rejects', async () => {
    const none = 'request emitted no Either'
    for (const [request$, message] of [
      [() => of(), none],
      [() => of(7), none],
      [() => Promise.reject(new Error('offline')), 'offline'],
    ] as const)
      await expect(
        lastValueFrom(uploadStatus$(ref.account, ref.upload, { request: request$ as never })),
      ).rejects.toThrow(message)
  })

  test('decodes a value of `request` like an answer', async () => {
    const wrong = right({ status: 'completed', prefixed_id: 'another', media: { id: 7 } })
    const end = await lastValueFrom(
      uploadStatus$(ref.account, ref.upload, {
        request: () => Promise.resolve(wrong as never),
        retry: { retries: 0 },
      }),
    )
    expect(end).toMatchObject({ left: { _tag: 'Malformed', status: 'completed' } })
  })
})

describe('a client under fake timers with the real performance.now', () => {
  test('continues to poll after the burst of its budget', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] })
    try {
      let polls = 0
      const client = createUploadStatusClient({
        schedule: spaced(1_000),
        request: () => of((polls += 1) < 50 ? pending : completed),
      })
      const end = lastValueFrom(client.uploadStatus$(ref.account, ref.upload))
      for (let i = 0; i < 600 && polls < 50; i += 1) jest.advanceTimersByTime(500)
      expect(polls).toBe(50)
      expect(isRight(await end)).toBe(true)
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('sourceOf', () => {
  const source = sourceOf(({ upload }) =>
    of(right({ status: 'pending', prefixed_id: upload } as const)),
  )

  test('emits the values of an upload', async () => {
    const seen = await lastValueFrom(source.uploadStatus$('acct_1', 'a').pipe(toArray()))
    expect(seen).toEqual([right({ status: 'pending', prefixed_id: 'a' })])
  })

  test('merges the values of many uploads, each once, from lists and single references', async () => {
    const [a, b] = ['a', 'b'].map(upload => ({ account: 'acct_1', upload }))
    if (a === undefined || b === undefined) throw new Error('two references')
    const seen = await lastValueFrom(
      source.uploadStatuses$(from([[a, b], a, b])).pipe(
        map(({ account, upload, status }) => `${account} ${upload} ${status._tag}`),
        toArray(),
      ),
    )
    expect(seen).toEqual(['acct_1 a Right', 'acct_1 b Right'])
  })
})
