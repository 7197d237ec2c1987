import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { invalidRequest } from '../../../src'
import { createProgress } from '../../../src/cli/display/progress'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const nameOf = ({ upload }: { readonly upload: string }): string => upload

describe('progress', () => {
  test('keeps one row per upload, in the order in which they start', () => {
    const progress = createProgress(nameOf, () => 0)
    progress.apply({ kind: 'started', ref })
    progress.apply({ kind: 'started', ref: { ...ref, upload: 'ofapi_media_2' } })
    const event = { ...ref, at: 0, _tag: 'AttemptStarted', attempt: 1, late: 0 } as const
    expect(progress.apply({ kind: 'event', event })).toMatchObject({ attempts: 1 })
    progress.apply({
      kind: 'status',
      ...ref,
      status: E.right({ status: 'pending', prefixed_id: ref.upload }),
    })
    expect(progress.rows()).toMatchObject([
      { name: 'ofapi_media_1', state: 'pending', attempts: 1 },
      { name: 'ofapi_media_2', state: 'waiting', attempts: 0 },
    ])
  })

  test('distinguishes equal ids of two accounts', () => {
    const progress = createProgress(nameOf, () => 0)
    progress.apply({ kind: 'started', ref })
    progress.apply({ kind: 'started', ref: { ...ref, account: 'acct_2' } })
    expect(progress.rows()).toHaveLength(2)
  })

  test('has no row for a warning', () => {
    const progress = createProgress(nameOf, () => 0)
    expect(progress.apply({ kind: 'warning', message: 'late' })).toBeNull()
    expect(progress.rows()).toEqual([])
  })

  test('has a row for an invalid line', () => {
    const progress = createProgress(nameOf, () => 0)
    progress.apply({ kind: 'invalidLine', line: 3, failure: invalidRequest('upload', 'is bad') })
    expect(progress.rows()).toMatchObject([{ name: 'line 3', state: 'unknown' }])
  })
})
