import { describe, expect, test } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import { left, right, type Either } from 'fp-ts/Either'
import { NEVER } from 'rxjs'
import type { UploadStatus } from '../../src/api/status'
import { cancelled, type Failure } from '../../src/failure/failure'
import {
  checkedPush,
  latestPush,
  openPush,
  readPush,
  reportEnd,
  type PushSource,
} from '../../src/watch/push'
import { completed, pending, ref } from '../answers'

/** A source of pushes, what it was called with, and how often it failed. */
const world = (members: Partial<PushSource> = {}) => {
  const calls: unknown[] = []
  let failures = 0
  const push: PushSource = {
    statuses$: NEVER,
    latest: of => {
      calls.push(['latest', of])
      return completed
    },
    opened: of => {
      calls.push(['opened', of])
      return () => calls.push('closed')
    },
    polled: (of, status) => calls.push(['polled', of, status.status]),
    ...members,
  }
  const failed = (): void => {
    failures += 1
  }
  return { push, calls, failed, failures: () => failures }
}

const broken = (): never => {
  throw new Error('broken')
}
const none: PushSource = { statuses$: NEVER }

describe('the option push', () => {
  test('accepts statuses$ alone, and a function with members', () => {
    const webhook = Object.assign(() => 0, { statuses$: NEVER, alive$: NEVER })
    expect(checkedPush(none)).toBe(none)
    expect(checkedPush(webhook)).toBe(webhook)
    const { push } = world()
    expect(checkedPush(push)).toBe(push)
  })

  test.each<[unknown, string]>([
    [7, 'push must be { statuses$ }, an observable of { account, upload, status }, not a number'],
    [
      { statuses$: [] },
      'push must be { statuses$ }, an observable of { account, upload, status }, not an object',
    ],
    [{ ...none, alive$: true }, 'push.alive$ must be an Observable<boolean>, not a boolean'],
    [
      { ...none, latest: 1 },
      'push.latest must be a function (ref) => status or null, not a number',
    ],
    [{ ...none, opened: 1 }, 'push.opened must be a function (ref) => () => void, not a number'],
    [{ ...none, polled: 1 }, 'push.polled must be a function (ref, status) => void, not a number'],
  ])('throws a TypeError for %p', (push, message) => {
    expect(() => checkedPush(push as never)).toThrow(new TypeError(message))
  })
})

describe('a watch that starts', () => {
  test('calls `opened` of the source, and later the function that it returned', () => {
    const { push, calls, failed, failures } = world()
    const close = openPush(push, { ...ref, hint: 7 } as never, failed)
    expect(calls).toEqual([['opened', ref]])
    close()
    expect([calls.at(-1), failures()]).toEqual(['closed', 0])
  })

  test('accepts a source without optional functions, and no source', () => {
    const { failed, failures } = world()
    for (const push of [none, undefined]) {
      openPush(push, ref, failed)()
      expect(latestPush(push, ref, failed)).toBeNull()
    }
    expect(failures()).toBe(0)
  })

  test('continues if a function of the source throws', () => {
    const { push, failed, failures } = world({ opened: broken, latest: broken })
    openPush(push, ref, failed)()
    expect(failures()).toBe(1)
    expect(latestPush(push, ref, failed)).toBeNull()
    expect(failures()).toBe(2)
    openPush({ ...none, opened: () => broken }, ref, failed)()
    expect(failures()).toBe(2)
  })

  test('uses the status that `latest` returns, if it is valid', () => {
    const { push, calls, failed } = world()
    expect(latestPush(push, { ...ref, hint: 7 } as never, failed)).toEqual(right(completed))
    expect(calls).toEqual([['latest', ref]])
    const latest = (): never => ({ ...completed, prefixed_id: 'b' }) as never
    expect(latestPush({ ...none, latest }, ref, failed)).toMatchObject(
      left({ reason: 'malformed' }),
    )
    expect(latestPush({ ...none, latest: () => null }, ref, failed)).toBeNull()
  })
})

test('a push without the account and upload as strings has an empty reference', () => {
  expect(readPush({ account: 7, upload: null, status: pending }).ref).toEqual({
    account: '',
    upload: '',
  })
})

test.each([null, 7])('a push that is %p is malformed and has an empty reference', pushed => {
  expect(readPush(pushed)).toEqual({
    ref: { account: '', upload: '' },
    status: left({ _tag: 'PushIgnored', reason: 'malformed', problems: [] }),
  })
})

describe('the end of a watch', () => {
  const poll = { _tag: 'StatusReceived', status: 'completed', via: 'poll' } as const
  const scheduled = { _tag: 'PollScheduled', wait: 1, polls: 1 } as const

  const reported = (
    value: Either<Failure, UploadStatus> | undefined,
    via: 'poll' | 'push' = 'poll',
    members: Partial<PushSource> = {},
  ) => {
    const { push, calls, failed, failures } = world(members)
    reportEnd(
      push,
      { ...ref, hint: 7 } as never,
      { value, events: [{ ...poll, via }, scheduled] },
      failed,
    )
    return { calls, failures: failures() }
  }

  test('is reported to the source if a poll found it', () => {
    expect(reported(right(completed)).calls).toEqual([['polled', ref, 'completed']])
  })

  test('is not reported if it was pushed, or is not a terminal status', () => {
    expect(reported(right(completed), 'push').calls).toEqual([])
    expect(reported(right(pending)).calls).toEqual([])
    expect(reported(left(cancelled('left')))).toEqual({ calls: [], failures: 0 })
    expect(reported(undefined)).toEqual({ calls: [], failures: 0 })
  })

  test('is not reported to a source without `polled`', () => {
    expect(reported(right(completed), 'poll', { polled: undefined }).failures).toBe(0)
    const step = { value: right(completed), events: [poll] }
    expect(() => {
      reportEnd(undefined, ref, step, broken)
    }).not.toThrow()
  })

  test('is not affected by a source that throws', () => {
    expect(reported(right(completed), 'poll', { polled: broken }).failures).toBe(1)
  })

  test('is not affected by an async `polled` that rejects, without an unhandled rejection', async () => {
    const polled = (): unknown => Promise.reject(new Error('of the source'))
    expect(reported(right(completed), 'poll', { polled }).failures).toBe(0)
    // jest fails a test for an unhandled rejection, which Node reports after the microtasks.
    await setImmediate()
  })
})
