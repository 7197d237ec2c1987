import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { expired, type TrackedStatus, type UploadStatus } from 'rx-upload-status'
import { nameOf } from './fate'
import { grammarOf, type Grammar } from './grammar'

const fate = { end: 'completed', pendingFor: 1, processingFor: 2, isCalm: true } as const
const [first, second] = [nameOf(1, 1, fate), nameOf(1, 2, fate)]

const of = (upload: string, status: TrackedStatus['status']): TrackedStatus => ({
  account: 'acct_1',
  upload,
  status,
})
const said = (status: UploadStatus['status'], upload = first): TrackedStatus =>
  of(upload, right({ status, prefixed_id: upload, media: { id: 1 }, error: 'x' }))
const gaveUp = of(first, left(expired(1)))

const reports = (
  uploads: readonly string[],
  use: (grammar: Grammar) => void,
): readonly string[] => {
  const found: string[] = []
  use(grammarOf('a visitor', uploads, what => found.push(what)))
  return found
}

describe('the grammar allows a stream', () => {
  test.each<[string, (grammar: Grammar) => void]>([
    [
      'that goes forward to its end',
      ({ next, complete }) => {
        for (const each of [said('pending'), said('processing'), said('completed')]) next(each)
        complete()
      },
    ],
    [
      'that ends with a failure',
      ({ next, complete }) => {
        next(gaveUp)
        complete()
      },
    ],
    [
      'that was unsubscribed',
      ({ next, leave }) => {
        next(said('pending'))
        leave()
      },
    ],
  ])('%s', (_, use) => {
    expect(reports([first], use)).toEqual([])
  })
})

describe('the grammar forbids and reports:', () => {
  test.each<[string, readonly string[], (grammar: Grammar) => void]>([
    [
      'a value after the end of an upload',
      [first],
      ({ next }) => {
        next(gaveUp)
        next(said('pending'))
      },
    ],
    [
      'a value after it completed',
      [first],
      ({ next, complete }) => {
        next(gaveUp)
        complete()
        next(gaveUp)
      },
    ],
    [
      'a value after it left',
      [first],
      ({ next, leave }) => {
        leave()
        next(said('pending'))
      },
    ],
    [
      'a completion after it completed',
      [first],
      ({ next, complete }) => {
        next(gaveUp)
        complete()
        complete()
      },
    ],
    [
      'completed without an end of 1 uploads',
      [first, second],
      ({ next, complete }) => {
        next(gaveUp)
        complete()
      },
    ],
    [
      'a defect: Error: x',
      [first],
      ({ error }) => {
        error(new Error('x'))
      },
    ],
    [
      'a status that went back',
      [first],
      ({ next }) => {
        next(said('processing'))
        next(said('pending'))
      },
    ],
    [
      'a value of an upload that it does not watch',
      [second],
      ({ next }) => {
        next(said('pending'))
      },
    ],
    [
      "another upload's status",
      [first],
      ({ next }) => {
        next({ ...said('pending', second), upload: first })
      },
    ],
    [
      'failed, which should be completed',
      [first],
      ({ next }) => {
        next(said('failed'))
      },
    ],
  ])('%s', (what, uploads, use) => {
    expect(reports(uploads, use)).toContain(`grammar: a visitor: ${what}`)
  })
})
