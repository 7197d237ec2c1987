import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { PassThrough } from 'node:stream'
import { EMPTY, of } from 'rxjs'
import type { UploadRef } from '../../../src'
import { showLines } from '../../../src/cli/display/lines'
import { createProgress } from '../../../src/cli/display/progress'
import { plain } from '../../../src/cli/display/terminal'
import type { Update } from '../../../src/cli/display/updates'

const refUpload = ({ upload }: UploadRef): string => upload

describe('a line of text', () => {
  test('has the whole id of an upload, however long, because a person searches a log for it', () => {
    const ids = ['f', `ofapi_media_${'0123456789abcdef'.repeat(6)}`]
    const refs = ids.map(upload => ({ account: 'acct_1', upload }))
    const updates = [
      ...refs.map((ref): Update => ({ kind: 'started', ref })),
      ...refs.map((ref): Update => ({
        kind: 'status',
        ...ref,
        status: E.right({ status: 'failed', prefixed_id: ref.upload, error: 'no video' }),
      })),
    ]
    const output = new PassThrough()
    const detail = { summaryOnly: false, verbose: false }
    of(...updates)
      .pipe(
        showLines(
          output,
          createProgress(refUpload, () => 0),
          detail,
          plain,
        ),
      )
      .subscribe()
    const lines = String(output.read()).split('\n').slice(0, ids.length)
    expect(lines.map(line => line.split(/\s+/)[2])).toEqual(ids)
  })
})

test('a summary of nothing names no counts', () => {
  const output = new PassThrough()
  const detail = { summaryOnly: true, verbose: false }
  const progress = createProgress(refUpload, () => 0)
  EMPTY.pipe(showLines(output, progress, detail, plain)).subscribe()
  expect(String(output.read())).toBe('0 of 0 settled, 0.0s\n')
})
