import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { rejected, unavailable, type Happening, type UploadStatus } from '../../../src'
import {
  rowAfterEvent,
  rowAfterStatus,
  rowAge,
  newRow,
  type Row,
} from '../../../src/cli/display/row'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const prefixed_id = 'ofapi_media_1'
const row = newRow('ofapi_media_1', 1_000)
const withEvent = (before: Row, happening: Happening, now: number): Row =>
  rowAfterEvent(before, { ...happening, ...ref, at: 0 }, now)
const withStatus = (status: UploadStatus, now = 5_000): Row =>
  rowAfterStatus(row, E.right(status), now)

describe('a row', () => {
  test('is queued at first', () => {
    expect(row).toMatchObject({ state: 'waiting', polls: 0, activity: { kind: 'queued' } })
  })

  test('counts attempts, polls and retries', () => {
    const failure = unavailable(502)
    const happenings: readonly Happening[] = [
      { _tag: 'AttemptStarted', attempt: 1, late: 0 },
      { _tag: 'AttemptFailed', failure },
      { _tag: 'RetryScheduled', wait: 300, retries: 1 },
      { _tag: 'AttemptStarted', attempt: 2, late: 0 },
      { _tag: 'StatusReceived', status: 'pending', via: 'poll' },
      { _tag: 'PollScheduled', wait: 1_000, polls: 1 },
    ]
    const after = happenings.reduce((before, happening) => withEvent(before, happening, 2_000), row)
    expect(after).toMatchObject({ attempts: 2, polls: 1, retries: 1 })
    expect(after.activity).toEqual({ kind: 'scheduled', at: 3_000 })
  })

  test('has the reason and the time of a retry', () => {
    const failure = unavailable(502)
    const failed = withEvent(row, { _tag: 'AttemptFailed', failure }, 2_000)
    const retrying = withEvent(failed, { _tag: 'RetryScheduled', wait: 300, retries: 1 }, 2_000)
    const reason = 'unavailable, HTTP 502'
    expect(retrying.activity).toEqual({ kind: 'retrying', at: 2_300, reason })
  })

  test.each<Happening>([
    { _tag: 'Paused' },
    { _tag: 'Resumed' },
    { _tag: 'StatusRegressed', from: 'processing', to: 'pending' },
    { _tag: 'SourceFailed', source: 'push' },
    { _tag: 'PushIgnored', reason: 'malformed', problems: [] },
    { _tag: 'Settled', value: E.left(unavailable(502)) },
  ])('is not changed by $_tag', happening => {
    expect(withEvent(row, happening, 2_000)).toBe(row)
  })

  test('continues after a status that is not terminal', () => {
    expect(withStatus({ status: 'processing', prefixed_id })).toMatchObject({
      state: 'processing',
      activity: { kind: 'queued' },
    })
  })

  test.each<[UploadStatus, string]>([
    [{ status: 'completed', prefixed_id, media: { id: 7, type: 'video' } }, 'video 7 in the vault'],
    [{ status: 'completed', prefixed_id, media: { id: 7 } }, 'media 7 in the vault'],
    [{ status: 'failed', prefixed_id, error: 'Bad\u001B[2J\nfile.' }, 'Bad file.'],
  ])('becomes %j', (status, result) => {
    expect(withStatus(status)).toMatchObject({
      state: status.status,
      activity: { kind: 'settled', at: 5_000, result },
    })
  })

  test('does not show the id or URL of a CDN media', () => {
    const media = { prefixed_id: 'capability_1', sourceUrl: 'https://cdn.example/capability_2' }
    expect(JSON.stringify(withStatus({ status: 'completed', prefixed_id, media }))).not.toMatch(
      /capab/,
    )
  })

  test('becomes unknown after a failure, and its text is safe to print', () => {
    const failure = rejected(403, null, 'No\u0007\nentry')
    const { state, activity } = rowAfterStatus(row, E.left(failure), 5_000)
    expect(state).toBe('unknown')
    expect(activity).toMatchObject({ result: expect.stringMatching(/HTTP 403: No entry/) })
  })

  test('gets older until it is settled', () => {
    expect(rowAge(row, 4_000)).toBe(3_000)
    expect(rowAge(withStatus({ status: 'failed', prefixed_id, error: 'No.' }), 60_000)).toBe(4_000)
  })
})
