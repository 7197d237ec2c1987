import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { from, lastValueFrom, NEVER, of, toArray } from 'rxjs'
import { expired, invalidRequest } from '../../../src'
import { noTotals, tapTotals, type Totals } from '../../../src/cli/display/totals'
import { tapEnd, type Update } from '../../../src/cli/display/updates'

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
const started = (upload: string): Update => ({ kind: 'started', ref: { ...ref, upload } })
const unknown = (count: number): Totals => ({
  ...noTotals,
  total: count,
  unknown: count,
  settled: count,
  fraction: 1,
})

describe('the totals of updates', () => {
  test('pass on every update, and are reported before the update that changes them', async () => {
    const updates: readonly Update[] = [
      started('1'),
      { kind: 'event', event },
      { kind: 'warning', message: 'late' },
      statusOf('1'),
    ]
    const seen: unknown[] = []
    const passed$ = from(updates).pipe(tapTotals(totals => seen.push(totals)))
    await lastValueFrom(passed$.pipe(toArray())).then(all => {
      expect(all).toEqual(updates)
    })
    seen.length = 0
    passed$.subscribe(piece => seen.push(piece.kind))
    const waiting = { ...noTotals, total: 1, waiting: 1 }
    expect(seen).toEqual([waiting, 'started', 'event', 'warning', unknown(1), 'status'])
  })

  test('count an invalid line separately from an upload with the same id', async () => {
    let latest = noTotals
    const update$ = from([invalidLine(1), started('1'), statusOf('1'), invalidLine(2)])
    await lastValueFrom(update$.pipe(tapTotals(totals => (latest = totals))))
    expect(latest).toEqual(unknown(3))
  })

  test('count uploads without a status as waiting', async () => {
    let latest = noTotals
    const update$ = from([started('1'), started('2'), statusOf('1')])
    await lastValueFrom(update$.pipe(tapTotals(totals => (latest = totals))))
    expect(latest).toMatchObject({ total: 2, waiting: 1, unknown: 1, fraction: 0.5 })
  })
})

describe('the end of a run', () => {
  test('is reported once, before its completion', () => {
    const seen: string[] = []
    of(1)
      .pipe(tapEnd(() => seen.push('end')))
      .subscribe({ complete: () => seen.push('complete') })
    expect(seen).toEqual(['end', 'complete'])
  })

  test('is reported once after an interruption', () => {
    const seen: string[] = []
    NEVER.pipe(tapEnd(() => seen.push('end')))
      .subscribe()
      .unsubscribe()
    expect(seen).toEqual(['end'])
  })
})
