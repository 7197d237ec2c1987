import { describe, expect, test } from '@jest/globals'
import { NEVER } from 'rxjs'
import { uploadView$, uploadViews$, type UploadStatusSource } from 'rx-upload-status'

const source: UploadStatusSource = { uploadStatus$: () => NEVER, uploadStatuses$: () => NEVER }

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
