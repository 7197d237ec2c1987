import { describe, expect, jest, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { isLeft, left, right, type Either } from 'fp-ts/Either'
import {
  BehaviorSubject,
  concat,
  defer,
  finalize,
  lastValueFrom,
  map,
  merge,
  NEVER,
  of,
  Subject,
  throwError,
  timer,
  toArray,
  type Observable,
  type ObservableInput,
} from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatuses$,
  type ExpectedUpload,
  type Failure,
  type Fetch,
  type TrackedStatus,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { completed, pending, processing, startSandbox } from 'rx-upload-status/sandbox'
import { invalidRequest } from '../src/failure/failure'
import { settingsOf } from '../src/options'
import type { Answer } from '../src/api/answer'
import { createWatches } from '../src/watch/bulk/watches'
import { shareWatches, type SharedWatches } from '../src/watch/bulk/sharedWatches'
import { trackedStatuses$ } from '../src/trackedStatuses'
import { answer } from './answers'
import { marbles, type Marbles } from './marbles'

/** A request of an upload, with the times of its start and end. */
interface Asked {
  readonly upload: string
  readonly from: number
  to: number
}

/** A notification of a stream, `upload:status`, and its time. */
type Seen = readonly [at: number, what: string]

interface World extends Marbles {
  readonly shared: (options?: WatchOptions, grace?: number) => SharedWatches
  readonly watchAll$: (
    uploads: ObservableInput<ExpectedUpload>,
    options?: WatchOptions,
  ) => Observable<TrackedStatus>
  readonly asked: Asked[]
  readonly seen: Seen[]
  /** Subscribes, and records each notification. */
  readonly note: (tracked$: Observable<TrackedStatus>) => { unsubscribe: () => void }
}

type Script = Readonly<Record<string, ReadonlyArray<UploadStatus['status'] | Failure>>>

const refs = (...uploads: readonly string[]): readonly ExpectedUpload[] =>
  uploads.map(upload => ({ account: 'acct_1', upload }))

const bodyOf = (status: UploadStatus['status'], upload: string): unknown => ({
  status,
  prefixed_id: upload,
  media: { id: 7 },
  error: 'Given up.',
})

/**
 * Runs a test in virtual time. Each request is answered after 1 ms with the next answer of its script;
 * the last answer is repeated. Polls are 10 ms apart.
 */
const inWorld = (script: Script, play: (world: World) => void): void => {
  marbles(helpers => {
    const { clock } = helpers
    const asked: Asked[] = []
    const seen: Seen[] = []
    const request$ = (upload: string): Observable<Either<Failure, Answer>> =>
      defer(() => {
        const nth = asked.filter(each => each.upload === upload).length
        const answers = script[upload] ?? ['completed']
        const next = answers[Math.min(nth, answers.length - 1)] ?? 'completed'
        const request = { upload, from: clock(), to: Infinity }
        asked.push(request)
        return timer(1).pipe(
          map(() => (typeof next === 'string' ? answer(200, bodyOf(next, upload)) : left(next))),
          finalize(() => {
            request.to = clock()
          }),
        )
      })
    const shared: World['shared'] = (options = {}, grace = 0) =>
      shareWatches(
        createWatches(
          ({ upload }) =>
            upload.startsWith('..')
              ? left(invalidRequest('upload', 'is no id'))
              : right(request$(upload)),
          settingsOf({ schedule: spaced(10), random: () => 0.5, clock, ...options }),
        ),
        grace,
      )
    const show = ({ upload, status }: TrackedStatus): string =>
      `${upload}:${isLeft(status) ? status.left._tag : status.right.status}`
    play({
      ...helpers,
      asked,
      seen,
      shared,
      watchAll$: (uploads, options) => trackedStatuses$(uploads, () => shared(options)),
      note: tracked$ =>
        tracked$.subscribe({
          next: tracked => seen.push([clock(), show(tracked)]),
          complete: () => seen.push([clock(), 'complete']),
          error: (error: unknown) => seen.push([clock(), String(error)]),
        }),
    })
  })
}

describe('many uploads', () => {
  test('are one stream, in which each upload ends by itself', () => {
    inWorld(
      { a: ['pending', 'completed'], b: ['processing', 'processing', 'failed'] },
      ({ watchAll$, note, seen, flush }) => {
        note(watchAll$(refs('a', 'b', 'c')))
        flush()
        expect(seen).toEqual([
          [1, 'a:pending'],
          [1, 'b:processing'],
          [1, 'c:completed'],
          [12, 'a:completed'],
          [23, 'b:failed'],
          [23, 'complete'],
        ])
      },
    )
  })

  test('are emitted with their references', () => {
    inWorld({}, ({ watchAll$, expectObservable }) => {
      const [ref = { account: '', upload: '' }] = refs('a')
      const status = right({ ...(bodyOf('completed', 'a') as UploadStatus) })
      expectObservable(watchAll$([{ ...ref, hint: 5 }])).toBe('-(a|)', { a: { ...ref, status } })
    })
  })

  test('may be empty', () => {
    inWorld({}, ({ watchAll$, expectObservable }) => {
      expectObservable(watchAll$([])).toBe('|')
    })
  })

  test.each([
    ['a promise', async (ref: ExpectedUpload) => Promise.resolve(ref)],
    [
      'an async iterable',
      async function* (ref: ExpectedUpload) {
        yield await Promise.resolve(ref)
      },
    ],
    ['a set', (ref: ExpectedUpload) => new Set([ref])],
  ])('may be %s', async (_, uploadsOf) => {
    const sandbox = await startSandbox()
    const { account, upload } = sandbox.script('acct_sandbox', [completed()])
    const ref = { account, upload }
    const ended = new Promise<readonly TrackedStatus[]>((resolve, reject) => {
      const all: TrackedStatus[] = []
      uploadStatuses$(uploadsOf(ref), { baseUrl: sandbox.url, apiKey: sandbox.apiKey }).subscribe({
        next: tracked => all.push(tracked),
        complete: () => {
          resolve(all)
        },
        error: reject,
      })
    })
    expect(await ended).toMatchObject([{ ...ref, status: { right: { status: 'completed' } } }])
    await sandbox.close()
  })

  test('are watched once, however often they are added', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ watchAll$, note, seen, asked, flush, at }) => {
      const more$ = new Subject<ExpectedUpload>()
      note(watchAll$(merge(refs('a', 'b', 'a'), more$)))
      at(5, () => {
        more$.next({ account: 'acct_1', upload: 'a' })
        more$.next({ account: 'acct_2', upload: 'a' })
        more$.complete()
      })
      flush()
      expect(asked.filter(({ upload }) => upload === 'a').map(({ from }) => from)).toEqual([
        0, 5, 11,
      ])
      expect(seen.filter(([, what]) => what === 'a:completed')).toHaveLength(2)
    })
  })

  test('that are added again after their end are emitted from the cache, without a request', () => {
    inWorld({}, ({ watchAll$, note, seen, asked, flush, at }) => {
      const uploads$ = new Subject<ExpectedUpload>()
      note(watchAll$(uploads$))
      for (const time of [0, 50])
        at(time, () => {
          uploads$.next({ account: 'acct_1', upload: 'a' })
        })
      flush()
      expect(seen).toEqual([
        [1, 'a:completed'],
        [50, 'a:completed'],
      ])
      expect(asked).toHaveLength(1)
    })
  })

  test('may be added later, and the stream completes when the last has ended', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ watchAll$, note, seen, at, flush }) => {
      const uploads$ = new Subject<ExpectedUpload>()
      note(watchAll$(uploads$))
      for (const [time, upload] of [
        [5, 'a'],
        [100, 'b'],
      ] as const)
        at(time, () => {
          uploads$.next({ account: 'acct_1', upload })
        })
      at(101, () => {
        uploads$.complete()
      })
      flush()
      expect(seen).toEqual([
        [6, 'a:pending'],
        [17, 'a:completed'],
        [101, 'b:completed'],
        [101, 'complete'],
      ])
    })
  })

  test('are not affected by one that fails or has an invalid reference', () => {
    inWorld(
      { a: ['pending', 'completed'], b: [invalidRequest('apiKey', 'is missing')] },
      ({ watchAll$, note, seen, flush }) => {
        note(watchAll$([...refs('a', 'b', '..')]))
        flush()
        expect(seen).toEqual([
          [0, '..:InvalidRequest'],
          [1, 'a:pending'],
          [1, 'b:InvalidRequest'],
          [12, 'a:completed'],
          [12, 'complete'],
        ])
      },
    )
  })

  test.each<[string, () => unknown, readonly string[]]>([
    ['a list', () => refs('a', 'b'), ['a', 'b']],
    ['a promise of a list', () => Promise.resolve(refs('a', 'b')), ['a', 'b']],
    ['a promise of one reference', () => Promise.resolve(refs('a')[0]), ['a']],
    ['an observable of lists', () => of(refs('a'), refs('b'), refs('a', 'b')), ['a', 'b']],
    ['an observable of references and lists', () => of(refs('a')[0], refs('a', 'b')), ['a', 'b']],
  ])('may be %s', async (_, uploads, expected) => {
    const request$ = ({ upload }: ExpectedUpload) =>
      of(right({ status: 'completed', prefixed_id: upload, media: { id: 7 } } as const))
    const seen = await lastValueFrom(
      uploadStatuses$(uploads() as readonly ExpectedUpload[], { request: request$ }).pipe(
        map(({ upload, status }) => `${upload} ${status._tag}`),
        toArray(),
      ),
    )
    expect(seen).toEqual(expected.map(upload => `${upload} Right`))
  })

  test.each<[unknown, string, string, string]>([
    ['u1', '', 'u1', 'expected a reference { account, upload }, not a string'],
    [7, '', '7', 'expected a reference { account, upload }, not a number'],
    [null, '', 'null', 'expected a reference { account, upload }, not null'],
    [
      { upload: 'u1' },
      'undefined',
      'u1',
      'expected a reference { account, upload }, where account is undefined',
    ],
    [
      { account: 'acct_1', id: 'u1' },
      'acct_1',
      'undefined',
      'expected a reference { account, upload }, where upload is undefined',
    ],
    [
      { account: 'acct_1', upload: ['u1'] },
      'acct_1',
      'a list',
      'expected a reference { account, upload }, where upload is a list',
    ],
  ])('that are %p end with a failure that names them', async (given, account, upload, why) => {
    const [end] = await lastValueFrom(
      uploadStatuses$(of(given) as Observable<never>).pipe(toArray()),
    )
    expect(end).toMatchObject({ account, upload, status: left({ _tag: 'InvalidRequest', why }) })
  })

  test('that are no list and no stream throw at creation', () => {
    const expected = 'uploads must be a list or Observable of references'
    expect(() => uploadStatuses$('u1' as never)).toThrow(`${expected}, not a string`)
    expect(() => uploadStatuses$(undefined as never)).toThrow(`${expected}, not undefined`)
    expect(() => uploadStatuses$(null as never)).toThrow(`${expected}, not null`)
    expect(() => uploadStatuses$({ account: 'acct_1', upload: 'u1' } as never)).toThrow(
      `${expected}, not an object`,
    )
  })

  test('that are invalid references end one by one, and nothing is sent', async () => {
    const good = { account: 'acct_1', upload: 'ofapi_media_1' }
    const bad: readonly unknown[] = [
      null,
      undefined,
      7,
      {},
      { ...good, account: '../acct_2' },
      { ...good, hint: NaN },
      { ...good, upload: 'ofapi_media_2', hint: -1 },
    ]
    const fetch = jest.fn<Fetch>()
    const whys = await lastValueFrom(
      uploadStatuses$(bad as readonly ExpectedUpload[], { apiKey: 'key', fetch }).pipe(
        map(({ status }) => isLeft(status) && 'which' in status.left && status.left.which),
        toArray(),
      ),
    )
    expect(whys.sort()).toEqual(
      ['upload', 'upload', 'upload', 'account', 'account', 'hint', 'hint'].sort(),
    )
    expect(fetch).not.toHaveBeenCalled()
  })

  test('are watched to their ends if their source errors, then the error follows', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ watchAll$, note, seen, flush }) => {
      note(
        watchAll$(
          concat(
            refs('a'),
            throwError(() => new Error('lost')),
          ),
        ),
      )
      flush()
      expect(seen).toEqual([
        [1, 'a:pending'],
        [12, 'a:completed'],
        [12, 'Error: lost'],
      ])
    })
  })

  test('that are null throw at creation', () => {
    expect(() => uploadStatuses$(null as unknown as ExpectedUpload[])).toThrow(TypeError)
  })

  test('all stop on unsubscribe', () => {
    inWorld({ a: ['pending'], b: ['pending'] }, ({ watchAll$, note, asked, seen, at, flush }) => {
      const subscription = note(watchAll$(merge(refs('a', 'b'), NEVER)))
      at(11.5, () => {
        subscription.unsubscribe()
      })
      flush()
      expect(asked.map(({ from, to }) => [from, to])).toEqual([
        [0, 1],
        [0, 1],
        [11, 11.5],
        [11, 11.5],
      ])
      expect(seen).toHaveLength(2)
    })
  })

  test('all stop with an error if the schedule has a bug', () => {
    const schedule = (): number => {
      throw new Error('a bug')
    }
    inWorld({ a: ['pending'] }, ({ watchAll$, note, asked, seen, flush }) => {
      note(watchAll$(refs('a', 'b'), { schedule }))
      flush()
      expect(seen).toEqual([[1, 'Error: a bug']])
      expect(asked).toHaveLength(2)
    })
  })
})

describe('many uploads share', () => {
  test('one listener on the signal, which ends all', () => {
    const controller = new AbortController()
    inWorld({ a: ['pending'], b: ['pending'] }, ({ watchAll$, note, seen, at, flush }) => {
      note(watchAll$(refs('a', 'b'), { signal: controller.signal }))
      at(5, () => {
        expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
        controller.abort()
      })
      flush()
      expect(seen.slice(2)).toEqual([
        [5, 'a:Cancelled'],
        [5, 'b:Cancelled'],
        [5, 'complete'],
      ])
    })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('one subscription to activity$, whose pause applies to uploads that are added during it', () => {
    inWorld(
      { a: ['pending'] },
      ({ watchAll$, note, asked, at, hot, flush, expectSubscriptions }) => {
        const activity$ = hot('---f---------------t', { f: false, t: true })
        const more$ = new Subject<ExpectedUpload>()
        const subscription = note(watchAll$(merge(refs('a'), more$), { activity$ }))
        at(10, () => {
          more$.next({ account: 'acct_1', upload: 'b' })
        })
        at(25, () => {
          subscription.unsubscribe()
        })
        flush()
        expect(asked.map(({ upload, from }) => [upload, from])).toEqual([
          ['a', 0],
          ['b', 19],
          ['a', 24],
        ])
        expectSubscriptions(activity$.subscriptions).toBe('^------------------------!')
      },
    )
  })

  test('one source of pushes, which go to their upload', () => {
    const pushed: UploadStatus = { status: 'failed', prefixed_id: 'b', error: 'Given up.' }
    inWorld({ a: ['pending'], b: ['pending'] }, ({ watchAll$, note, seen, cold, flush }) => {
      const push = {
        statuses$: cold('-----p', { p: { account: 'acct_1', upload: 'b', status: pushed } }),
      }
      note(watchAll$(refs('a', 'b'), { push, deadline: 8 }))
      flush()
      expect(seen.slice(2)).toEqual([
        [5, 'b:failed'],
        [8, 'a:Expired'],
        [8, 'complete'],
      ])
    })
  })
})

describe('a client', () => {
  test('polls an upload once for all its streams and single watches', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ shared, note, seen, asked, at, flush }) => {
      const one = shared({}, 250)
      note(trackedStatuses$(refs('a'), () => one))
      at(5, () => {
        note(trackedStatuses$(refs('a'), () => one))
      })
      flush()
      expect(asked).toHaveLength(2)
      expect(seen).toEqual([
        [1, 'a:pending'],
        [5, 'a:pending'],
        [12, 'a:completed'],
        [12, 'a:completed'],
        [12, 'complete'],
        [12, 'complete'],
      ])
    })
  })

  test('continues for the remaining subscribers when one unsubscribes', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ shared, note, seen, at, flush }) => {
      const one = shared({}, 250)
      const left$ = note(trackedStatuses$(refs('a'), () => one))
      note(trackedStatuses$(refs('a'), () => one))
      at(5, () => {
        left$.unsubscribe()
      })
      flush()
      expect(seen).toEqual([
        [1, 'a:pending'],
        [1, 'a:pending'],
        [12, 'a:completed'],
        [12, 'complete'],
      ])
    })
  })

  test('emits nothing during subscribe, even from its cache', async () => {
    const sandbox = await startSandbox()
    const { apiKey, url: baseUrl } = sandbox
    const client = createUploadStatusClient({ apiKey, baseUrl, schedule: spaced(5) })
    const ref = sandbox.script('acct_sandbox', [pending(), processing(), completed()])
    const follow = (): Promise<readonly string[]> =>
      new Promise(resolve => {
        const all: string[] = []
        let isSubscribing = true
        client.uploadStatuses$([ref]).subscribe({
          next: ({ status }) => {
            expect(isSubscribing).toBe(false)
            all.push(isLeft(status) ? status.left._tag : status.right.status)
          },
          complete: () => {
            resolve(all)
          },
        })
        isSubscribing = false
      })
    expect(await follow()).toEqual(['pending', 'processing', 'completed'])
    expect(await follow()).toEqual(['completed'])
    expect(sandbox.requests().filter(({ upload }) => upload === ref.upload)).toHaveLength(3)
    await sandbox.close()
  })
})

describe('the budget of many uploads', () => {
  test('allows 32 requests in flight by default', async () => {
    const sandbox = await startSandbox()
    const { apiKey, url: baseUrl } = sandbox
    const uploads = Array.from({ length: 100 }, () => sandbox.script('acct_sandbox', [completed()]))
    let inFlight = 0
    let most = 0
    await new Promise<void>(resolve => {
      uploadStatuses$(uploads, {
        apiKey,
        baseUrl,
        fetch: async (url, init) => {
          inFlight += 1
          most = Math.max(most, inFlight)
          try {
            return await globalThis.fetch(url, init)
          } finally {
            inFlight -= 1
          }
        },
      }).subscribe({ complete: resolve })
    })
    expect(most).toBe(32)
    await sandbox.close()
  })

  test('polls first what has likely ended, so an upload with a later hint waits', () => {
    inWorld(
      { a: ['pending'], b: ['pending'], c: ['pending'] },
      ({ watchAll$, note, asked, at, flush, clock }) => {
        const budget = requestBudget({ perMinute: 60, burst: 1, clock })
        const [a, b, c] = refs('a', 'b', 'c')
        const uploads = [a, { ...b, hint: 6_000 }, c].flatMap(ref =>
          ref?.upload === undefined ? [] : [{ account: 'acct_1', ...ref, upload: ref.upload }],
        )
        const subscription = note(watchAll$(uploads, { budget }))
        at(9_500, () => {
          subscription.unsubscribe()
        })
        flush()
        // b is unlikely to end before 3 s. After that it is polled more often than the others.
        expect(asked.map(({ upload }) => upload).join('')).toBe('acabcbabcb')
      },
    )
  })

  const arrival = fc.record({
    at: fc.nat({ max: 120_000 }),
    lasts: fc.nat({ max: 90_000 }),
    hint: fc.option(fc.nat({ max: 100_000 }), { nil: undefined }),
  })

  test('never exceeds its limit in any minute, and starves no upload', () => {
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 5, max: 60 }),
        (arrivals, perMinute) => {
          marbles(({ at, clock }) => {
            const starts: { readonly upload: string; readonly at: number }[] = []
            const settled = new Map<string, number>()
            const budget = requestBudget({ perMinute, clock })
            const uploads$ = new Subject<ExpectedUpload>()
            const endOf = (upload: string): number => {
              const given = arrivals[Number(upload)] ?? { at: 0, lasts: 0 }
              return given.at + given.lasts
            }
            const watches = createWatches(
              ({ upload }) =>
                right(
                  defer(() => {
                    starts.push({ upload, at: clock() })
                    const status = clock() >= endOf(upload) ? 'completed' : 'processing'
                    return timer(50).pipe(map(() => answer(200, bodyOf(status, upload))))
                  }),
                ),
              settingsOf({ budget, clock, random: () => 0.5 }),
            )
            trackedStatuses$(uploads$, () => shareWatches(watches, 0)).subscribe(
              ({ upload, status }) => {
                if (!isLeft(status) && status.right.status === 'completed')
                  settled.set(upload, clock())
              },
            )
            for (const [nth, { at: time, hint }] of arrivals.entries())
              at(time, () => {
                uploads$.next({ account: 'acct_1', upload: String(nth), hint })
              })
            at(3_600_000, () => {
              for (const { at: from } of starts) {
                const inMinute = starts.filter(each => each.at >= from && each.at < from + 60_000)
                expect(inMinute.length).toBeLessThanOrEqual(perMinute)
              }
              // While n wait, at most 7 n others are admitted first; the schedule waits at most 30 s.
              const round = (arrivals.length / perMinute) * 60_000
              for (const [nth, { at: time, lasts }] of arrivals.entries()) {
                const late = (settled.get(String(nth)) ?? Infinity) - (time + lasts)
                expect(late).toBeLessThan(7 * round + 60_000 + 30_000 + 50)
              }
              expect(settled.size).toBe(arrivals.length)
            })
          })
        },
      ),
      { numRuns: 30 },
    )
  })
})

test('uploads that are added in the turn of subscribe are not lost', () => {
  inWorld({}, ({ watchAll$, note, seen, flush }) => {
    const uploads$ = new Subject<ExpectedUpload>()
    note(watchAll$(uploads$))
    uploads$.next({ account: 'acct_1', upload: 'a' })
    uploads$.complete()
    flush()
    expect(seen).toEqual([
      [1, 'a:completed'],
      [1, 'complete'],
    ])
  })
})

test('a source without uploads does not subscribe to activity$', () => {
  const activity$ = new BehaviorSubject(true)
  inWorld({}, ({ watchAll$, note, seen, flush }) => {
    const subscription = note(watchAll$(NEVER, { activity$ }))
    flush()
    expect(activity$.observed).toBe(false)
    subscription.unsubscribe()
    expect(seen).toEqual([])
  })
})

test('an invalid option throws when the stream is created', () => {
  expect(() => uploadStatuses$(of(), { deadline: -1 })).toThrow(RangeError)
})
