import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import type {
  AttemptFailed,
  AttemptStarted,
  CreditsReported,
  StatusUnknown,
  Happening,
  News,
  Paused,
  PollScheduled,
  PushIgnored,
  Resumed,
  RetryScheduled,
  Settled,
  SourceFailed,
  StatusReceived,
  StatusRegressed,
  Stalled,
  Stopped,
  WatchEvent,
} from '../../src/watch/event'
import { keepsActivity } from '../../src/watch/event'
import { cancelled, type Failure } from '../../src/failure/failure'
import type { UploadRef } from '../../src/api/uploadRef'
import type { UploadStatus } from '../../src/api/status'

const line = (happening: Happening): string => {
  switch (happening._tag) {
    case 'AttemptStarted':
      expectTypeOf(happening).toEqualTypeOf<AttemptStarted>()
      return `attempt ${String(happening.attempt)}, ${String(happening.late)} ms late`
    case 'StatusReceived':
      expectTypeOf(happening).toEqualTypeOf<StatusReceived>()
      return `${happening.status} by ${happening.via}`
    case 'AttemptFailed':
      expectTypeOf(happening).toEqualTypeOf<AttemptFailed>()
      return happening.failure._tag
    case 'RetryScheduled':
      expectTypeOf(happening).toEqualTypeOf<RetryScheduled>()
      return `retry ${String(happening.retries)} in ${String(happening.wait)} ms`
    case 'PollScheduled':
      expectTypeOf(happening).toEqualTypeOf<PollScheduled>()
      return `after ${String(happening.polls)} polls, next in ${String(happening.wait)} ms`
    case 'Paused':
      expectTypeOf(happening).toEqualTypeOf<Paused>()
      return 'paused'
    case 'Resumed':
      expectTypeOf(happening).toEqualTypeOf<Resumed>()
      return 'resumed'
    case 'StatusRegressed':
      expectTypeOf(happening).toEqualTypeOf<StatusRegressed>()
      return `${happening.from} to ${happening.to}`
    case 'PushIgnored':
      expectTypeOf(happening).toEqualTypeOf<PushIgnored>()
      return happening.reason
    case 'StatusUnknown':
      expectTypeOf(happening).toEqualTypeOf<StatusUnknown>()
      return `unknown: ${happening.status}`
    case 'CreditsReported':
      expectTypeOf(happening).toEqualTypeOf<CreditsReported>()
      return `credits: ${String(happening.balance)}`
    case 'SourceFailed':
      expectTypeOf(happening).toEqualTypeOf<SourceFailed>()
      return happening.source
    case 'Settled':
      expectTypeOf(happening).toEqualTypeOf<Settled>()
      return E.isRight(happening.value) ? happening.value.right.status : happening.value.left._tag
    case 'Stalled':
      expectTypeOf(happening).toEqualTypeOf<Stalled>()
      return `${happening.status} for ${String(happening.unchangedFor)} ms`
    case 'Stopped':
      expectTypeOf(happening).toEqualTypeOf<Stopped>()
      return 'stopped'
    default:
      expectTypeOf(happening).toBeNever()
      return happening
  }
}

const happenings: readonly Happening[] = [
  { _tag: 'AttemptStarted', attempt: 1, late: 0 },
  { _tag: 'StatusReceived', status: 'processing', via: 'push' },
  { _tag: 'StatusUnknown', status: 'archived' },
  { _tag: 'CreditsReported', used: null, balance: '97' },
  { _tag: 'AttemptFailed', failure: cancelled('x') },
  { _tag: 'RetryScheduled', wait: 500, retries: 1 },
  { _tag: 'PollScheduled', wait: 1_000, polls: 2 },
  { _tag: 'Paused' },
  { _tag: 'Resumed' },
  { _tag: 'StatusRegressed', from: 'processing', to: 'pending' },
  { _tag: 'PushIgnored', reason: 'malformed', problems: [] },
  { _tag: 'SourceFailed', source: 'push' },
  { _tag: 'Settled', value: E.left(cancelled('x')) },
  { _tag: 'Stalled', status: 'pending', unchangedFor: 60 },
  { _tag: 'Stopped' },
]

describe('Happening', () => {
  test('is a union of 15 types, discriminated by _tag', () => {
    expect(happenings.map(line)).toEqual([
      'attempt 1, 0 ms late',
      'processing by push',
      'unknown: archived',
      'credits: 97',
      'Cancelled',
      'retry 1 in 500 ms',
      'after 2 polls, next in 1000 ms',
      'paused',
      'resumed',
      'processing to pending',
      'malformed',
      'push',
      'Cancelled',
      'pending for 60 ms',
      'stopped',
    ])
    expectTypeOf<Happening['_tag']>().toEqualTypeOf<
      | 'AttemptStarted'
      | 'StatusReceived'
      | 'StatusUnknown'
      | 'CreditsReported'
      | 'AttemptFailed'
      | 'RetryScheduled'
      | 'PollScheduled'
      | 'Paused'
      | 'Resumed'
      | 'StatusRegressed'
      | 'PushIgnored'
      | 'SourceFailed'
      | 'Settled'
      | 'Stalled'
      | 'Stopped'
    >()
  })

  test('accepts no other _tag and no missing member', () => {
    // @ts-expect-error: the union is closed
    const other: Happening = { _tag: 'Finished' }
    // @ts-expect-error: a member is missing
    const bare: Happening = { _tag: 'AttemptStarted' }
    expect([other._tag, bare._tag]).toHaveLength(2)
  })

  test('has the value of the watch in Settled', () => {
    expectTypeOf<Settled['value']>().toEqualTypeOf<Either<Failure, UploadStatus>>()
  })
})

describe('WatchEvent', () => {
  test('is a Happening with its upload and its time', () => {
    expectTypeOf<WatchEvent>().toExtend<Happening & UploadRef & { readonly at: number }>()
    const events = happenings.map((happening): WatchEvent => ({
      ...happening,
      account: 'acct_1',
      upload: 'u',
      at: 5,
    }))
    const failureOf = (event: WatchEvent): Failure | null =>
      event._tag === 'AttemptFailed' ? event.failure : null
    expect(events.flatMap(event => failureOf(event) ?? [])).toEqual([cancelled('x')])
    // @ts-expect-error: only an attempt that failed has a failure
    expect(events.map(event => event.failure as unknown).filter(Boolean)).toHaveLength(1)
  })

  test('requires its upload and its time', () => {
    // @ts-expect-error: the upload is missing
    const withoutUpload: WatchEvent = { _tag: 'Paused', account: 'acct_1', at: 5 }
    // @ts-expect-error: the time is missing
    const withoutTime: WatchEvent = { _tag: 'Paused', account: 'acct_1', upload: 'u' }
    expect([withoutUpload._tag, withoutTime._tag]).toEqual(['Paused', 'Paused'])
  })
})

describe('keepsActivity', () => {
  const expected: Readonly<Record<News['_tag'], boolean>> = {
    Right: true,
    StatusReceived: true,
    StatusRegressed: true,
    StatusUnknown: true,
    Stalled: true,
    AttemptFailed: true,
    SourceFailed: true,
    PushIgnored: true,
    CreditsReported: true,
    AttemptStarted: false,
    PollScheduled: false,
    RetryScheduled: false,
    Paused: false,
    Resumed: false,
    Settled: false,
    Stopped: false,
    Left: false,
  }

  test.each(Object.entries(expected))('after %s returns %s', (_tag, isSame) => {
    expect(keepsActivity({ _tag } as News)).toBe(isSame)
  })
})
