import { describe, expect, test } from '@jest/globals'
import { BehaviorSubject, Subject } from 'rxjs'
import {
  createUploadStatusClient,
  uploadStatus$,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { completed, pending, processing, ref } from '../answers'
import { marbles } from '../marbles'

const request: NonNullable<WatchOptions['request']> = () =>
  new BehaviorSubject({ _tag: 'Right', right: pending } as const)
const untyped = (push: object): { readonly push: never } => ({ push: push as never })

const withoutMedia = { ...completed, media: undefined }

/** Pushes to a watch whose polls return `pending`. Returns its values and events. */
const pushed = (...values: readonly unknown[]): { ends: unknown[]; events: WatchEvent[] } => {
  const [ends, events]: [unknown[], WatchEvent[]] = [[], []]
  marbles(({ at, clock, flush }) => {
    const statuses$ = new Subject<unknown>()
    const options = { deadline: 100, clock, request, on: (event: WatchEvent) => events.push(event) }
    uploadStatus$(ref.account, ref.upload, { ...options, ...untyped({ statuses$ }) }).subscribe({
      next: value => ends.push(value),
      error: (defect: unknown) => ends.push(defect),
    })
    at(50, () => {
      for (const value of values) statuses$.next(value)
    })
    flush()
  })
  return { ends: ends.slice(1), events: events.filter(({ _tag }) => _tag === 'PushIgnored') }
}

const expired = expect.objectContaining({ left: expect.objectContaining({ _tag: 'Expired' }) })

describe('a pushed status', () => {
  test('reaches the watch of its account and upload, and ends it if it is terminal', () => {
    expect(pushed({ ...ref, status: processing }, { ...ref, status: completed })).toEqual({
      ends: [
        { _tag: 'Right', right: processing },
        { _tag: 'Right', right: completed },
      ],
      events: [],
    })
  })

  test.each<[string, object, unknown]>([
    ['null', { account: '', upload: '' }, null],
    ['a string', { account: '', upload: '' }, 'completed'],
    ['a status alone', { account: '', upload: '' }, completed],
    ['an upload without a status', ref, ref],
    ['an unknown status', ref, { ...ref, status: { ...pending, status: 'archived' } }],
    ['completed without media', ref, { ...ref, status: withoutMedia }],
    [
      'a status with the id of another upload',
      ref,
      { ...ref, status: { ...completed, prefixed_id: 'b' } },
    ],
    [
      'an object whose getter throws',
      ref,
      {
        ...ref,
        get status(): never {
          throw new Error('broken')
        },
      },
    ],
  ])('is ignored with PushIgnored if it is %s', (_, named, value) => {
    const { ends, events } = pushed(value)
    expect(ends).toEqual([expired])
    expect(events).toEqual([
      expect.objectContaining({ _tag: 'PushIgnored', reason: 'malformed', ...named }),
    ])
  })

  test('has the paths of its problems in PushIgnored, but no values', () => {
    const { events } = pushed({ ...ref, status: withoutMedia })
    expect(events).toMatchObject([{ at: 50, problems: Array(4).fill({ path: 'media' }) }])
  })

  test.each([
    ['account', { ...ref, account: 'acct_2', status: completed }],
    ['upload', { ...ref, upload: 'b', status: { ...completed, prefixed_id: 'b' } }],
  ])('of another %s is ignored with PushIgnored', (_, value) => {
    const { account, upload } = value
    const { ends, events } = pushed(value)
    expect(ends).toEqual([expired])
    expect(events).toEqual([
      { _tag: 'PushIgnored', reason: 'unwatched', problems: [], at: 0, account, upload },
    ])
  })

  test('ends only the watch of its account if two accounts have an upload with the same id', () => {
    const [seen, events]: [string[], WatchEvent[]] = [[], []]
    marbles(({ at, clock, flush }) => {
      const statuses$ = new Subject<never>()
      const client = createUploadStatusClient({
        ...{ deadline: 100, clock, request, on: (event: WatchEvent) => events.push(event) },
        ...untyped({ statuses$ }),
      })
      for (const account of ['acct_1', 'acct_2'])
        client.uploadStatus$(account, ref.upload).subscribe(value => {
          seen.push(`${account} ${value._tag}`)
        })
      at(50, () => {
        statuses$.next({ ...ref, status: completed } as never)
        statuses$.next(null as never)
      })
      flush()
    })
    expect(seen).toEqual(['acct_1 Right', 'acct_2 Right', 'acct_1 Right', 'acct_2 Left'])
    // Once, as an event of the client, because it belongs to no watch.
    expect(events.filter(({ _tag }) => _tag === 'PushIgnored')).toHaveLength(1)
  })
})
