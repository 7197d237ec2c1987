import { describe, expect, test } from '@jest/globals'
import { NEVER } from 'rxjs'
import {
  uploadView$,
  uploadViews$,
  type UploadRef,
  type UploadStatusSource,
} from 'rx-upload-status'
import { checkedRefs } from '../../src/view/checkedRefs'

const source: UploadStatusSource = { uploadStatus$: () => NEVER, uploadStatuses$: () => NEVER }

const takers: ReadonlyArray<{ name: string; take: (uploads: readonly UploadRef[]) => unknown }> = [
  { name: 'checkedRefs', take: checkedRefs },
  { name: 'uploadViews$', take: uploads => uploadViews$(source, uploads) },
]

describe.each(takers)('$name', ({ take }) => {
  test.each([
    [undefined, 'undefined'],
    ['ofapi_media_1', 'string'],
    [{ account: 'acct_1', upload: 'a' }, 'object'],
    [[null], 'undefined'],
    [['ofapi_media_1'], 'undefined'],
    [[{ account: 'acct_1', upload: 7 }], 'number'],
  ])('refuses %j and names the kind that is wrong', (uploads, kind) => {
    const untyped = uploads as unknown as readonly UploadRef[]
    expect(() => take(untyped)).toThrow(
      new TypeError(`uploads must be a list of { account, upload }, two strings, not ${kind}`),
    )
  })

  test('accepts a list that is empty or has references', () => {
    expect(() => take([])).not.toThrow()
    expect(() => take([{ account: 'acct_1', upload: 'a' }])).not.toThrow()
  })
})

describe('a source', () => {
  test.each([
    [{}, 'object'],
    [{ source }, 'object'],
    [() => source, 'function'],
    [undefined, 'undefined'],
  ])('of no kind that a view can read is refused: %j', (given, kind) => {
    const untyped = given as unknown as UploadStatusSource
    const error = new TypeError(`source must be an UploadStatusSource, not ${kind}`)
    expect(() => uploadViews$(untyped, [])).toThrow(error)
    expect(() => uploadView$(untyped, 'acct_1', 'a')).toThrow(error)
  })

  test('may have only the method that is called', () => {
    const one = { uploadStatus$: () => NEVER } as unknown as UploadStatusSource
    expect(() => uploadView$(one, 'acct_1', 'a')).not.toThrow()
  })
})
