import { describe, expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import { concat, defer, from, map, mergeMap, of, throwError, timer, NEVER } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import {
  cancelled,
  expired,
  invalidRequest,
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  uploadViews$,
  type Failure,
  type UploadRef,
  type UploadStatus,
  type UploadStatusSource,
} from 'rx-upload-status'
import { completed, processing } from '../answers'

type Value = Either<Failure, UploadStatus>

const account = 'acct_1'
const refsOf = (...uploads: readonly string[]): readonly UploadRef[] =>
  uploads.map(upload => ({ account, upload }))

const lost = left(unreachable('ECONNREFUSED'))
const done = right(completed)

interface World extends RunHelpers {
  /** A source whose n-th watch of an upload emits the n-th list of values, a millisecond apart. */
  readonly sourceOf: (
    watches: Readonly<Record<string, readonly (readonly Value[])[]>>,
    activity$?: UploadStatusSource['activity$'],
  ) => UploadStatusSource
  /** The upload and the time of each watch that was started. */
  readonly started: (readonly [upload: string, at: number])[]
}

const inVirtualTime = (run: (world: World) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected)
  })
  scheduler.run(helpers => {
    const started: (readonly [string, number])[] = []
    run({
      ...helpers,
      started,
      sourceOf: (watches, activity$) => ({
        activity$,
        uploadStatus$: () => NEVER,
        uploadStatuses$: uploads =>
          from(uploads).pipe(
            mergeMap(given => ('account' in given ? [given] : given)),
            mergeMap(ref =>
              defer(() => {
                const nth = started.filter(([upload]) => upload === ref.upload).length
                started.push([ref.upload, scheduler.now()])
                const values = watches[ref.upload]?.[nth] ?? []
                return concat(
                  ...values.map(status => timer(1).pipe(map(() => ({ ...ref, status })))),
                )
              }),
            ),
          ),
      }),
    })
  })
}

/** The phases of all uploads, whenever one of them changes. */
const phases$ = (source: UploadStatusSource, refs: readonly UploadRef[]) =>
  uploadViews$(source, refs, () => 0).pipe(map(views => views.map(({ phase }) => phase).join()))

describe('uploadViews$', () => {
  test.each<[string, Failure]>([
    ['a connection failure', unreachable('ECONNREFUSED')],
    ['an attempt timeout', timedOut('headers', 10_000)],
    ['an unavailable service', unavailable(503)],
    ['a rate limit', throttled(null)],
    ['a malformed answer', malformed('notJson')],
    ['a deadline', expired(3_600_000)],
  ])('watches again, on return, after %s', (_, failure) => {
    inVirtualTime(({ started, cold, flush, sourceOf }) => {
      const activity$ = cold('t 99ms f 99ms t', { t: true, f: false })
      const source = sourceOf({ a: [[left(failure)], [done]] }, activity$)
      const seen: string[] = []
      let isComplete = false
      phases$(source, refsOf('a')).subscribe({
        next: phase => seen.push(phase),
        complete: () => {
          isComplete = true
        },
      })
      flush()
      expect(seen).toEqual(['waiting', 'unknown', 'waiting', 'completed'])
      expect(started).toEqual([
        ['a', 0],
        ['a', expect.any(Number)],
      ])
      expect(started[1]?.[1]).toBeGreaterThanOrEqual(200)
      expect(started[1]?.[1]).toBeLessThan(2_200)
      expect(isComplete).toBe(true)
    })
  })

  test.each<[string, Value]>([
    ['a rejection', left(rejected(404))],
    ['an invalid id', left(invalidRequest('upload', 'is empty'))],
    ['a certificate error', left(unreachable('CERT_HAS_EXPIRED', true))],
    ['a cancellation by the caller', left(cancelled('over'))],
    ['an answer that is too large', left(malformed('oversized'))],
    ['a terminal status', done],
  ])('completes after %s and never watches again', (_, value) => {
    inVirtualTime(({ started, cold, expectObservable, flush, sourceOf }) => {
      const activity$ = cold('t 99ms f 99ms t', { t: true, f: false })
      const source = sourceOf({ a: [[value]] }, activity$)
      const phase = value._tag === 'Left' ? 'unknown' : 'completed'
      expectObservable(phases$(source, refsOf('a'))).toBe('w(e|)', { w: 'waiting', e: phase })
      flush()
      expect(started).toEqual([['a', 0]])
    })
  })

  test('watches a failed upload again on each return, and no other upload', () => {
    inVirtualTime(({ started, cold, flush, sourceOf }) => {
      const activity$ = cold('f 2999ms t 2999ms f 2999ms t', { t: true, f: false })
      const source = sourceOf(
        { a: [[lost], [right(processing), lost], [done]], b: [[done]] },
        activity$,
      )
      const seen: string[] = []
      phases$(source, refsOf('a', 'b')).subscribe(phases => seen.push(phases))
      flush()
      expect(seen.map(phases => phases.split(',')[0])).toEqual([
        'waiting',
        'unknown',
        'unknown',
        'waiting',
        'processing',
        'unknown',
        'waiting',
        'completed',
      ])
      expect(started.map(([upload]) => upload)).toEqual(['a', 'b', 'a', 'a'])
    })
  })

  test('watches again while other uploads are still watched', () => {
    inVirtualTime(({ started, cold, flush, sourceOf }) => {
      const activity$ = cold('f 2999ms t', { t: true, f: false })
      const long = Array<Value>(10_000).fill(right(processing))
      const source = sourceOf({ a: [long], b: [[lost], [done]] }, activity$)
      phases$(source, refsOf('a', 'b')).subscribe()
      flush()
      expect(started.map(([upload]) => upload)).toEqual(['a', 'b', 'b'])
    })
  })

  test('spreads the watches that it starts again to about 40 per second', () => {
    inVirtualTime(({ started, cold, flush, sourceOf }) => {
      const activity$ = cold('f 99ms t', { t: true, f: false })
      const uploads = Array.from({ length: 400 }, (_, i) => `upload_${String(i)}`)
      const source = sourceOf(
        Object.fromEntries(uploads.map(upload => [upload, [[lost], [done]]])),
        activity$,
      )
      phases$(source, refsOf(...uploads)).subscribe()
      flush()
      const times = started.slice(400).map(([, at]) => at)
      expect(times).toHaveLength(400)
      expect(Math.max(...times)).toBeLessThan(100 + 10_000)
      const groups = new Map(times.map(at => [at, times.filter(other => other === at).length]))
      expect(groups.size).toBeGreaterThan(30)
      expect(Math.max(...groups.values())).toBeLessThan(40)
    })
  })

  test.each<[string, UploadStatusSource['activity$']]>([
    ['without activity$', undefined],
    ['after activity$ completed', of(true)],
    ['after activity$ failed', throwError(() => new Error('no such sensor'))],
  ])('completes after a failure %s', (_, activity$) => {
    inVirtualTime(({ expectObservable, sourceOf }) => {
      const shown$ = phases$(sourceOf({ a: [[lost]] }, activity$), refsOf('a'))
      expectObservable(shown$).toBe('w(u|)', { w: 'waiting', u: 'unknown' })
    })
  })

  test('emits nothing on return if no watch failed', () => {
    inVirtualTime(({ cold, expectObservable, sourceOf }) => {
      const activity$ = cold('f 99ms t', { t: true, f: false })
      const source = sourceOf({ a: [Array<Value>(200).fill(right(processing))] }, activity$)
      expectObservable(phases$(source, refsOf('a')), '^ 150ms !').toBe('wp', {
        w: 'waiting',
        p: 'processing',
      })
    })
  })

  test('starts no watch after unsubscribe', () => {
    inVirtualTime(({ started, cold, expectSubscriptions, flush, sourceOf }) => {
      const activity$ = cold('f 99ms t', { t: true, f: false })
      const subscription = phases$(sourceOf({ a: [[lost]] }, activity$), refsOf('a')).subscribe()
      timer(50).subscribe(() => {
        subscription.unsubscribe()
      })
      expectSubscriptions(activity$.subscriptions).toBe('^ 49ms !')
      flush()
      expect(started).toEqual([['a', 0]])
    })
  })
})
