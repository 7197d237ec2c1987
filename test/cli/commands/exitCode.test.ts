import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { EMPTY, from, lastValueFrom } from 'rxjs'
import { expired, invalidRequest, type UploadStatus } from '../../../src'
import { worstExitCode } from '../../../src/cli/commands/exitCode'
import type { News } from '../../../src/cli/news'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const learned = (status: UploadStatus): News => ({
  kind: 'learned',
  ...ref,
  status: E.right(status),
})
const prefixed_id = 'ofapi_media_1'
const processing = learned({ status: 'processing', prefixed_id })
const completed = learned({ status: 'completed', prefixed_id, media: { id: 1 } })
const failed = learned({ status: 'failed', prefixed_id, error: 'No.' })
const unlearned: News = { kind: 'learned', ...ref, status: E.left(expired(1)) }
const unreadable: News = {
  kind: 'unreadable',
  line: 1,
  failure: invalidRequest('upload', 'is bad'),
}

describe('the exit code', () => {
  test.each<[number, string, readonly News[]]>([
    [0, 'all completed', [{ kind: 'begun', ref }, processing, completed]],
    [0, 'all completed, with a warning', [{ kind: 'warning', message: 'late' }, completed]],
    [1, 'one failed', [failed, completed]],
    [2, 'one could not be learned', [unlearned, completed]],
    [2, 'one line named no upload', [completed, unreadable]],
    [2, 'one failed and one could not be learned', [unlearned, failed]],
  ])('is %d: %s', async (code, _, news) => {
    expect(await lastValueFrom(from(news).pipe(worstExitCode()))).toBe(code)
  })

  test('is none where there was no news', async () => {
    const code$ = EMPTY.pipe(worstExitCode())
    expect(await lastValueFrom(code$, { defaultValue: null })).toBeNull()
  })
})
