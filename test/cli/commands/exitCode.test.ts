import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { EMPTY, from, lastValueFrom } from 'rxjs'
import { expired, invalidRequest, type UploadStatus } from '../../../src'
import { worstExitCode } from '../../../src/cli/commands/exitCode'
import type { Update } from '../../../src/cli/display/updates'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const statusOf = (status: UploadStatus): Update => ({
  kind: 'status',
  ...ref,
  status: E.right(status),
})
const prefixed_id = 'ofapi_media_1'
const processing = statusOf({ status: 'processing', prefixed_id })
const completed = statusOf({ status: 'completed', prefixed_id, media: { id: 1 } })
const failed = statusOf({ status: 'failed', prefixed_id, error: 'No.' })
const unknown: Update = { kind: 'status', ...ref, status: E.left(expired(1)) }
const invalidLine: Update = {
  kind: 'invalidLine',
  line: 1,
  failure: invalidRequest('upload', 'is bad'),
}

describe('the exit code', () => {
  test.each<[number, string, readonly Update[]]>([
    [0, 'all completed', [{ kind: 'started', ref }, processing, completed]],
    [0, 'all completed, with a warning', [{ kind: 'warning', message: 'late' }, completed]],
    [1, 'one failed', [failed, completed]],
    [2, 'one is unknown', [unknown, completed]],
    [2, 'one line is invalid', [completed, invalidLine]],
    [2, 'one failed and one is unknown', [unknown, failed]],
  ])('is %d: %s', async (code, _, updates) => {
    expect(await lastValueFrom(from(updates).pipe(worstExitCode()))).toBe(code)
  })

  test('is missing if there was no update', async () => {
    const code$ = EMPTY.pipe(worstExitCode())
    expect(await lastValueFrom(code$, { defaultValue: null })).toBeNull()
  })
})
