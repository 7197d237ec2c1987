import { describe, expect, test } from '@jest/globals'
import { NEVER } from 'rxjs'
import { uploadViews$, type UploadRef, type UploadStatusSource } from 'rx-upload-status'
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
