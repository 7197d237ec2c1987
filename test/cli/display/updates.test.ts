import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { from, lastValueFrom, toArray } from 'rxjs'
import { expired, invalidRequest, type Summary } from '../../../src'
import { counted, nothing } from '../../../src/cli/display/updates'
import type { News } from '../../../src/cli/news'

const ref = { account: 'acct_1', upload: 'ofapi_media_1' }
const event = { ...ref, at: 0, _tag: 'Paused' } as const
const learned = (upload: string): News => ({
  kind: 'learned',
  account: 'acct_1',
  upload,
  status: E.left(expired(1)),
})
const unreadable = (line: number): News => ({
  kind: 'unreadable',
  line,
  failure: invalidRequest('upload', 'is bad'),
})
const unknown = (count: number): Summary => ({
  ...nothing,
  total: count,
  unknown: count,
  settled: count,
  fraction: 1,
})

describe('news that is counted', () => {
  test('is passed on, whatever it is, and what was learned is told before', async () => {
    const news: readonly News[] = [
      { kind: 'begun', ref },
      { kind: 'happened', event },
      { kind: 'warning', message: 'late' },
      learned('1'),
    ]
    const seen: unknown[] = []
    const passed$ = from(news).pipe(counted(summary => seen.push(summary)))
    await lastValueFrom(passed$.pipe(toArray())).then(all => {
      expect(all).toEqual(news)
    })
    passed$.subscribe(piece => seen.push(piece.kind))
    expect(seen).toEqual([unknown(1), 'begun', 'happened', 'warning', unknown(1), 'learned'])
  })

  test('counts a line that named no upload, and takes none for an upload of that name', async () => {
    let latest = nothing
    const news$ = from([unreadable(1), learned('1'), unreadable(2)])
    await lastValueFrom(news$.pipe(counted(summary => (latest = summary))))
    expect(latest).toEqual(unknown(3))
  })
})
