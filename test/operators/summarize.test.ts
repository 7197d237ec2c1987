import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right, type Either } from 'fp-ts/Either'
import { from, lastValueFrom, toArray } from 'rxjs'
import { unreachable, type Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { summarize, type Summary } from '../../src/operators/summarize'
import { completed, failed, pending, processing } from '../answers'
import { marbles } from '../marbles'
import type { TrackedStatus } from '../../src/api/uploadRef'

const seen = (
  upload: string,
  status: Either<Failure, UploadStatus>,
  account = 'acct_1',
): TrackedStatus => ({ account, upload, status })

const lost = left(unreachable('ECONNRESET'))

const summary = (counts: Partial<Summary>): Summary => ({
  total: 1,
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  unknown: 0,
  settled: 0,
  fraction: 0,
  ...counts,
})

const summariesOf = (tracked: readonly TrackedStatus[]): Promise<readonly Summary[]> =>
  lastValueFrom(from(tracked).pipe(summarize(), toArray()))

describe('summarize', () => {
  test('counts each upload by its latest value', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-b-c-(d|)', {
        a: seen('one', right(pending)),
        b: seen('two', right(completed)),
        c: seen('one', right(processing)),
        d: seen('one', right(failed)),
      })
      const subs = '        ^------!'
      const expected = '    -a-b-c-(d|)'
      expectObservable(source$.pipe(summarize())).toBe(expected, {
        a: summary({ pending: 1 }),
        b: summary({ total: 2, pending: 1, completed: 1, settled: 1, fraction: 0.5 }),
        c: summary({ total: 2, processing: 1, completed: 1, settled: 1, fraction: 0.5 }),
        d: summary({ total: 2, failed: 1, completed: 1, settled: 2, fraction: 1 }),
      })
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('counts a failed watch as unknown and settled', async () => {
    expect(await summariesOf([seen('one', right(processing)), seen('one', lost)])).toEqual([
      summary({ processing: 1 }),
      summary({ unknown: 1, settled: 1, fraction: 1 }),
    ])
  })

  test('counts an upload that is watched again after a failure by its new status', async () => {
    expect(await summariesOf([seen('one', lost), seen('one', right(pending))])).toEqual([
      summary({ unknown: 1, settled: 1, fraction: 1 }),
      summary({ pending: 1 }),
    ])
  })

  test('distinguishes uploads of two accounts whose ids are the same when joined', async () => {
    const tracked = [seen('b/c', right(pending), 'a'), seen('c', right(pending), 'a/b')]
    expect((await summariesOf(tracked)).at(-1)).toEqual(summary({ total: 2, pending: 2 }))
  })

  test('emits nothing for an empty source', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<TrackedStatus>('--|').pipe(summarize())).toBe('--|')
    })
  })

  test('passes on a defect', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-#', { a: seen('one', right(pending)) }, new Error('bug'))
      const subs = '        ^--!'
      const expected = '    -a-#'
      const values = { a: summary({ pending: 1 }) }
      expectObservable(source$.pipe(summarize())).toBe(expected, values, new Error('bug'))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('unsubscribes from the source on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-a', { a: seen('one', right(pending)) })
      const unsub = '       --!'
      const subs = '        ^-!'
      const expected = '    -a-'
      const values = { a: summary({ pending: 1 }) }
      expectObservable(source$.pipe(summarize()), unsub).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('starts from zero for each subscription', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-b-|', {
        a: seen('one', right(pending)),
        b: seen('two', right(completed)),
      })
      const summary$ = source$.pipe(summarize())
      const first = '       ^-----'
      const second = '      --^---'
      expectObservable(summary$, first).toBe('-a-b-|', {
        a: summary({ pending: 1 }),
        b: summary({ total: 2, pending: 1, completed: 1, settled: 1, fraction: 0.5 }),
      })
      expectObservable(summary$, second).toBe('---b-|', {
        b: summary({ completed: 1, settled: 1, fraction: 1 }),
      })
    })
  })

  /** Counts all uploads again, by the latest value of each. */
  const recount = (tracked: readonly TrackedStatus[]): Summary => {
    const latest = tracked.filter(
      ({ account, upload }, index) =>
        !tracked
          .slice(index + 1)
          .some(later => later.account === account && later.upload === upload),
    )
    const count = (phase: UploadStatus['status']): number =>
      latest.filter(({ status }) => status._tag === 'Right' && status.right.status === phase).length
    const unknown = latest.filter(({ status }) => status._tag === 'Left').length
    const [done, bad] = [count('completed'), count('failed')]
    return {
      total: latest.length,
      pending: count('pending'),
      processing: count('processing'),
      completed: done,
      failed: bad,
      unknown,
      settled: done + bad + unknown,
      fraction: (done + bad + unknown) / latest.length,
    }
  }

  const anyTracked = fc.record({
    account: fc.constantFrom('acct_1', 'acct_2'),
    upload: fc.constantFrom('one', 'two', 'three', '__proto__'),
    status: fc.constantFrom(
      lost,
      ...[pending, processing, completed, failed].map(status => right(status)),
    ),
  })

  test('equals a full recount after each value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTracked, { minLength: 1, maxLength: 40 }), async tracked => {
        const expected = tracked.map((_, index) => recount(tracked.slice(0, index + 1)))
        expect(await summariesOf(tracked)).toEqual(expected)
      }),
    )
  })
})
