import { describe, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import { unreachable, type Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { failures, statuses } from '../../src/operators/separate'
import { completed, pending } from '../answers'
import { marbles } from '../marbles'

const failure = unreachable('ECONNRESET')
const either: { readonly [mark: string]: Either<Failure, UploadStatus> } = {
  p: right(pending),
  c: right(completed),
  x: left(failure),
}
const plain = { p: pending, c: completed, x: failure }

describe('statuses', () => {
  test('emits the status of each Right, in order and with repetitions', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-p-x-(cc|)', either)
      const subs = '        ^------!'
      const expected = '    -p-p---(cc|)'
      expectObservable(source$.pipe(statuses())).toBe(expected, plain)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('completes silently if the watch ends with a failure', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-(x|)', either)
      const subs = '        ^--!'
      const expected = '    -p-|'
      expectObservable(source$.pipe(statuses())).toBe(expected, plain)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('passes on a defect', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-#', either, new Error('bug'))
      const subs = '        ^--!'
      const expected = '    -p-#'
      expectObservable(source$.pipe(statuses())).toBe(expected, plain, new Error('bug'))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('unsubscribes from the source on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-p-c', either)
      const unsub = '       ----!'
      const subs = '        ^---!'
      const expected = '    -p-p'
      expectObservable(source$.pipe(statuses()), unsub).toBe(expected, plain)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })
})

describe('failures', () => {
  test('emits the failure of each Left, in order and with repetitions', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-x-x-(c|)', either)
      const subs = '        ^------!'
      const expected = '    ---x-x-|'
      expectObservable(source$.pipe(failures())).toBe(expected, plain)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('passes on a defect', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-x-#', either, new Error('bug'))
      const subs = '        ^--!'
      const expected = '    -x-#'
      expectObservable(source$.pipe(failures())).toBe(expected, plain, new Error('bug'))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('unsubscribes from the source on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-x-p-x', either)
      const unsub = '       ---!'
      const subs = '        ^--!'
      const expected = '    -x--'
      expectObservable(source$.pipe(failures()), unsub).toBe(expected, plain)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })
})
