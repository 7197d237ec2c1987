import { describe, expect, jest, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import {
  describe as describeFailure,
  failureToError,
  isVaultMedia,
  matchStatus,
  orThrow,
  outcomes,
  rejected,
  untilTerminal,
  UploadStatusError,
  type Failure,
  type UploadStatus,
} from 'rx-upload-status'
import { completed, failed, pending, processing } from '../answers'
import { stageOf } from '../../src/operators/stageOptions'
import { marbles } from '../marbles'

const denied = rejected(403, 'scope', 'No scope.')

const values: { readonly [mark: string]: Either<Failure, UploadStatus> } = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
  x: left(denied),
}

describe('untilTerminal', () => {
  test.each([
    ['a completed upload', 'c'],
    ['a failed upload', 'f'],
    ['a failure', 'x'],
  ])('emits %s, completes and unsubscribes', (_, end) => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(`-p-w-${end}-p-|`, values)
      const subs = '        ^----!'
      const expected = `    -p-w-(${end}|)`
      expectObservable(source$.pipe(untilTerminal())).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('completes with a source that ends early, and passes on an error', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-p-|', values).pipe(untilTerminal())).toBe('-p-|', values)
      expectObservable(cold('-p-#', values).pipe(untilTerminal())).toBe('-p-#', values)
    })
  })
})

describe('orThrow', () => {
  test('emits the statuses unchanged, including a failed upload', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-w-(f|)', values)
      const subs = '        ^----!'
      const expected = '    -p-w-(f|)'
      const statuses = { p: pending, w: processing, f: failed }
      expectObservable(source$.pipe(orThrow())).toBe(expected, statuses)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('errors with the failure and unsubscribes', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-p-x-c|', values)
      const subs = '       ^--!'
      const expected = '   -p-#'
      const result$ = source$.pipe(orThrow())
      expectObservable(result$).toBe(expected, { p: pending }, failureToError(denied))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })
})

describe('failureToError', () => {
  test('returns an UploadStatusError with the failure and the text of describe as message', () => {
    const error = failureToError(denied)
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(UploadStatusError)
    expect(error).toMatchObject({
      name: 'UploadStatusError',
      failure: denied,
      message: describeFailure(denied),
    })
  })

  test('returns an instance of UploadStatusError of any copy of the package', async () => {
    let copy = { failureToError }
    await jest.isolateModulesAsync(async () => {
      copy = await import('../../src/operators/uploadStatusError')
    })
    expect(copy.failureToError).not.toBe(failureToError)
    expect(copy.failureToError(denied)).toBeInstanceOf(UploadStatusError)
    class Own extends UploadStatusError {}
    expect(new Own(denied)).toBeInstanceOf(Own)
    expect(failureToError(denied)).not.toBeInstanceOf(Own)
    for (const other of [new Error('another'), null, undefined, 'UploadStatusError'])
      expect(other).not.toBeInstanceOf(UploadStatusError)
  })
})

describe('matchStatus', () => {
  test('calls the function for the status with that status', () => {
    const label = matchStatus({
      pending: ({ status }) => status,
      processing: ({ status }) => status,
      completed: ({ media }) => (isVaultMedia(media) ? String(media.id) : 'CDN'),
      failed: ({ error }) => error,
    })
    expect([pending, processing, completed, failed].map(label)).toEqual([
      'pending',
      'processing',
      '7',
      'Given up.',
    ])
  })
})

describe('outcomes', () => {
  test('emits only the outcome of each upload', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const tracked = {
        p: { account: 'acct_1', upload: 'a', status: right(pending) },
        c: { account: 'acct_1', upload: 'a', status: right(completed) },
        x: { account: 'acct_1', upload: 'b', status: left(denied) },
      }
      const source$ = cold('-p-c-(x|)', tracked)
      const subs = '        ^----!'
      const expected = '    ---c-(x|)'
      expectObservable(source$.pipe(outcomes())).toBe(expected, tracked)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })
})

describe('the options of a stage', () => {
  test.each<[object, string]>([
    [{ clock: 1 }, 'options has no member named clock; it may have scheduler, random'],
    [{ scheduler: {} }, 'scheduler must be a SchedulerLike of RxJS, not an object'],
    [{ random: 1 }, 'random must be a function () => a number from 0 up to 1, not a number'],
  ])('are refused if they are %j', (options, message) => {
    expect(() => stageOf(options)).toThrow(new TypeError(message))
  })
})
