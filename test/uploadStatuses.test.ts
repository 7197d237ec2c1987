import { describe, expect, jest, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import {
  BehaviorSubject,
  concat,
  lastValueFrom,
  map,
  merge,
  NEVER,
  of,
  Subject,
  throwError,
  toArray,
  type Observable,
} from 'rxjs'
import {
  uploadStatuses$,
  type ExpectedUpload,
  type Fetch,
  type TrackedStatus,
  type UploadStatus,
} from 'rx-upload-status'
import { completed, startSandbox } from 'rx-upload-status/sandbox'
import { invalidRequest } from '../src/failure/failure'
import { bodyOf, inWorld, refs } from './manyUploads'

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
