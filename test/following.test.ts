import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import { either } from 'fp-ts'
import { left, right, type Either } from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Task } from 'fp-ts/Task'
import { map, NEVER, of, throwError, timer, type Observable } from 'rxjs'
import {
  cancelled,
  createUploadStatusClient,
  parsePollingUrl,
  spaced,
  unavailable,
  uploadOutcomes,
  uploadStatus$,
  type ClientOptions,
  type Failure,
  type TrackedOutcome,
  type UploadRef,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { completed, pending, ref } from './answers'
import { marbles } from './marbles'

type Status = Either<Failure, UploadStatus>

const account = 'acct_1'

const endOf = (upload: string): Status => right({ ...completed, prefixed_id: upload })

const stopped = (
  reason: string,
  attempts: number,
  elapsed: number,
  lastStatus: Failure['lastStatus'],
): Status => left({ ...cancelled(reason), attempts, elapsed, lastStatus })

const optionsOf = (clock: () => number, request: WatchOptions['request']): ClientOptions => ({
  clock,
  random: () => 0,
  schedule: spaced(10),
  retry: { retries: 0 },
  request,
})

const values = { p: right(pending), c: right(completed) }

describe('the signal of one subscriber', () => {
  test('ends its stream with Cancelled; the shared watch continues for the others', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const first$ = cold('--(p|)', values)
      const second$ = cold('--(c|)', values)
      const answers = [first$, second$]
      const request$ = (): Observable<Status> => answers.shift() ?? NEVER
      const client = createUploadStatusClient(optionsOf(clock, request$))
      const controller = new AbortController()
      timer(5).subscribe(() => {
        controller.abort('bored')
      })
      const one$ = client.uploadStatus$(account, ref.upload, { signal: controller.signal })
      const stay$ = client.uploadStatus$(account, ref.upload)
      const x = stopped('bored', 1, 5, 'pending')
      expectObservable(one$).toBe('--p--(x|)', { ...values, x })
      expectObservable(stay$).toBe('--p 11ms (c|)', values)
      expectSubscriptions(first$.subscriptions).toBe('^-!')
      expectSubscriptions(second$.subscriptions).toBe('12ms ^-!')
    })
  })

  test('keeps the watch for its grace if it was the last subscriber', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const answer$ = cold('--------p', values)
      const options = { ...optionsOf(clock, () => answer$), schedule: spaced(1_000) }
      const client = createUploadStatusClient(options)
      const controller = new AbortController()
      timer(4).subscribe(() => {
        controller.abort()
      })
      const x = stopped('This operation was aborted', 1, 4, null)
      expectObservable(
        client.uploadStatus$(account, ref.upload, { signal: controller.signal }),
      ).toBe('----(x|)', { x })
      // The request is kept for the 250 ms in which another subscriber may come.
      expectSubscriptions(answer$.subscriptions).toBe('^-------!')
    })
  })

  test('that is already aborted sends no request, and ends the stream in a later turn', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const answer$ = cold('(c|)', values)
      const client = createUploadStatusClient(optionsOf(clock, () => answer$))
      const signal = AbortSignal.abort('before')
      const seen: unknown[] = []
      client.uploadStatus$(account, ref.upload, { signal }).subscribe(value => seen.push(value))
      expect(seen).toEqual([])
      const x = stopped('before', 0, 0, null)
      expectObservable(client.uploadStatus$(account, ref.upload, { signal })).toBe('(x|)', { x })
      expectSubscriptions(answer$.subscriptions).toBe([])
    })
  })

  test('ends each upload of many that has not ended, and reads no more references', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const request$ = ({ upload }: UploadRef): Observable<Status> =>
        upload === 'a' ? of(endOf('a')) : cold('-----p', values)
      const client = createUploadStatusClient(optionsOf(clock, request$))
      const controller = new AbortController()
      timer(3).subscribe(() => {
        controller.abort('bored')
      })
      const refs$ = cold('a-b---c|', {
        a: { account, upload: 'a' },
        b: { account, upload: 'b' },
        c: ref,
      })
      const x = stopped('bored', 1, 3, null)
      expectObservable(client.uploadStatuses$(refs$, { signal: controller.signal })).toBe(
        'a--(x|)',
        {
          a: { account, upload: 'a', status: endOf('a') },
          x: { account, upload: 'b', status: x },
        },
      )
      expectSubscriptions(refs$.subscriptions).toBe('^--!')
    })
  })

  test('has no listener left at the end and after unsubscribe', () => {
    const { signal } = new AbortController()
    marbles(({ clock, expectObservable }) => {
      const client = createUploadStatusClient(optionsOf(clock, () => of(right(completed))))
      expectObservable(client.uploadStatus$(account, ref.upload, { signal })).toBe('(c|)', values)
      expectObservable(client.uploadStatuses$([], { signal })).toBe('|')
      client.uploadStatus$(account, 'other', { signal }).subscribe().unsubscribe()
    })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('ends the outcome of a client', async () => {
    const client = createUploadStatusClient({ request: () => new Promise(() => undefined) })
    const signal = AbortSignal.abort('bored')
    expect(await client.uploadOutcome(account, ref.upload, { signal })()).toMatchObject({
      left: { _tag: 'Cancelled', reason: 'bored' },
    })
    expect(await client.uploadOutcomes([ref, ref], { signal })()).toMatchObject([
      { ...ref, status: { left: { reason: 'bored' } } },
      { ...ref, status: { left: { reason: 'bored' } } },
    ])
  })
})

describe('closing a client', () => {
  const closed = 'the client was closed'

  test('ends its watches with Cancelled, and their requests', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const answer$ = cold('--------p', values)
      const client = createUploadStatusClient(optionsOf(clock, () => answer$))
      timer(4).subscribe(() => {
        void client.close()
      })
      const x = stopped(closed, 1, 4, null)
      expectObservable(client.uploadStatus$(account, ref.upload)).toBe('----(x|)', { x })
      expectObservable(client.uploadStatuses$([ref])).toBe('----(y|)', {
        y: { ...ref, status: x },
      })
      expectSubscriptions(answer$.subscriptions).toBe('^---!')
    })
  })

  test('also stops a watch in its grace after the last subscriber', () => {
    marbles(({ clock, cold, expectSubscriptions, flush }) => {
      const answer$ = cold('--------p', values)
      const client = createUploadStatusClient(optionsOf(clock, () => answer$))
      const subscription = client.uploadStatus$(account, ref.upload).subscribe()
      timer(3).subscribe(() => {
        subscription.unsubscribe()
      })
      timer(5).subscribe(() => {
        void client.close()
      })
      flush()
      expectSubscriptions(answer$.subscriptions).toBe('^----!')
    })
  })

  test('ends each later watch immediately with a reason, without a request', () => {
    marbles(({ clock, cold, expectObservable, expectSubscriptions }) => {
      const answer$ = cold('(c|)', values)
      const client = createUploadStatusClient(optionsOf(clock, () => answer$))
      const before$ = client.uploadStatus$(account, ref.upload)
      void client.close()
      void client.close()
      const x = left(cancelled(closed))
      expectObservable(before$).toBe('(x|)', { x })
      expectObservable(client.uploadStatus$(ref)).toBe('(x|)', { x })
      expectObservable(client.uploadStatuses$([ref])).toBe('(y|)', { y: { ...ref, status: x } })
      expectSubscriptions(answer$.subscriptions).toBe([])
    })
  })

  test('happens at the end of an await using block', async () => {
    const client = createUploadStatusClient({ request: () => of(right(completed)) })
    await client[Symbol.asyncDispose]()
    expect(await client.uploadOutcome(account, ref.upload)()).toMatchObject({
      left: { _tag: 'Cancelled', reason: closed },
    })
  })
})

describe('a reference instead of two ids', () => {
  test('is accepted by uploadStatus$ and by a client', () => {
    marbles(({ clock, expectObservable }) => {
      const options = optionsOf(clock, () => of(right(completed)))
      expectObservable(uploadStatus$(ref, options)).toBe('(c|)', values)
      expectObservable(createUploadStatusClient(options).uploadStatus$(ref)).toBe('(c|)', values)
    })
  })

  test('works with map and with parsePollingUrl', () => {
    const refs: readonly UploadRef[] = [ref, ref]
    expect(refs.map(each => uploadStatus$(each))).toHaveLength(2)
    const watched = pipe(
      parsePollingUrl('https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status'),
      either.map(uploadStatus$),
    )
    expectTypeOf(watched).toEqualTypeOf<Either<Failure, Observable<Status>>>()
    expect(watched._tag).toBe('Right')
  })

  test('is checked like two ids, and so are the options after it', () => {
    marbles(({ clock, expectObservable }) => {
      const options = optionsOf(clock, () => of(right(completed)))
      const tag$ = uploadStatus$({ account, upload: '../x' }, options).pipe(map(({ _tag }) => _tag))
      expectObservable(tag$).toBe('(x|)', { x: 'Left' })
    })
    expect(() => uploadStatus$(ref, { deadline: -1 })).toThrow(RangeError)
    // @ts-expect-error: the second id is missing
    void uploadStatus$('acct_1')
  })
})

describe('the outcomes of many uploads', () => {
  const request$ = ({ upload }: UploadRef): Observable<Status> =>
    upload === 'broken'
      ? of(left(unavailable(503)))
      : timer(upload === 'slow' ? 20 : 1).pipe(map(() => endOf(upload)))

  const refs = ['slow', 'broken', 'fast', '../bad', 'slow'].map(upload => ({ account, upload }))

  const found = [
    { upload: 'slow', status: { right: { prefixed_id: 'slow' } } },
    { upload: 'broken', status: { left: { _tag: 'Unavailable' } } },
    { upload: 'fast', status: { right: { prefixed_id: 'fast' } } },
    { upload: '../bad', status: { left: { _tag: 'InvalidRequest' } } },
    { upload: 'slow', status: { right: { prefixed_id: 'slow' } } },
  ]

  test('are complete and in the order of the references, also on a client', async () => {
    let requests = 0
    const options: WatchOptions = {
      retry: { retries: 0 },
      request: (asked): Observable<Status> => {
        requests += 1
        return request$(asked)
      },
    }
    const task = uploadOutcomes(refs, options)
    expectTypeOf(task).toEqualTypeOf<Task<readonly TrackedOutcome[]>>()
    expect(requests).toBe(0)
    expect(await task()).toMatchObject(found)
    expect(requests).toBe(3)
    expect(await createUploadStatusClient(options).uploadOutcomes(refs)()).toMatchObject(found)
    expect(requests).toBe(6)
  })

  test('of no uploads are empty', async () => {
    expect(await uploadOutcomes([])()).toEqual([])
  })

  test('are rejected only by a bug', async () => {
    const options: WatchOptions = { request: () => throwError(() => new Error('bug')) }
    await expect(uploadOutcomes([ref], options)()).rejects.toThrow('bug')
  })

  test('throw at creation if the references are not a list', () => {
    const wrong: object = { account }
    const message = 'refs must be a list of references { account, upload }, not an object'
    expect(() => uploadOutcomes(wrong as [])).toThrow(new TypeError(message))
    expect(() => createUploadStatusClient().uploadOutcomes(wrong as [])).toThrow(
      new TypeError(message),
    )
  })
})
