import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { from, lastValueFrom, toArray } from 'rxjs'
import { expired, invalidRequest, type Summary } from '../../../src'
import { emptySummary, tapSummary, type Update } from '../../../src/cli/display/updates'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const event = { ...ref, at: 0, _tag: 'Paused' } as const
const statusOf = (upload: string): Update => ({
  kind: 'status',
  account: 'acct_1',
  upload,
  status: E.left(expired(1)),
})
const invalidLine = (line: number): Update => ({
  kind: 'invalidLine',
  line,
  failure: invalidRequest('upload', 'is bad'),
})
const unknown = (count: number): Summary => ({
  ...emptySummary,
  total: count,
  unknown: count,
  settled: count,
  fraction: 1,
})

describe('the summary of updates', () => {
  test('mirrors every update, and comes before the update that changes it', async () => {
    const updates: readonly Update[] = [
      { kind: 'started', ref },
      { kind: 'event', event },
      { kind: 'warning', message: 'late' },
      statusOf('1'),
    ]
    const seen: unknown[] = []
    const passed$ = from(updates).pipe(tapSummary(summary => seen.push(summary)))
    await lastValueFrom(passed$.pipe(toArray())).then(all => {
      expect(all).toEqual(updates)
    })
    passed$.subscribe(piece => seen.push(piece.kind))
    expect(seen).toEqual([unknown(1), 'started', 'event', 'warning', unknown(1), 'status'])
  })

  test('counts an invalid line, and does not take it for an upload with that id', async () => {
    let latest = emptySummary
    const update$ = from([invalidLine(1), statusOf('1'), invalidLine(2)])
    await lastValueFrom(update$.pipe(tapSummary(summary => (latest = summary))))
    expect(latest).toEqual(unknown(3))
  })
})
