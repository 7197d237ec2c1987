import { describe, expect, test } from '@jest/globals'
import { unreachable, type Happening } from 'rx-upload-status'
import { lostAnswers, noteAttempts, type FailedAttempt } from './attempts'
import type { Request } from './faultServer'

const upload = 'ofapi_media_1'
const attempt: FailedAttempt = {
  client: 'a',
  upload,
  from: 1_000,
  to: 1_200,
  failure: 'Unreachable',
  timeout: 1_000,
  isAmbiguous: false,
}
const whole: Request = {
  serial: 7,
  client: 'a',
  upload,
  status: 'pending',
  fault: null,
  how: 'chunked',
  at: 1_010,
  sentAt: 1_100,
}
const broken: Request = { ...whole, fault: 'is silent', sentAt: null }
const late = { ...attempt, failure: 'TimedOut headers', to: 2_000 }

describe('a complete answer counts as lost', () => {
  test.each<[string, FailedAttempt, Request]>([
    ['an attempt failed although it was answered completely', attempt, whole],
    ['an attempt timed out although it was answered long before', late, whole],
  ])('if %s', (_, failed, request) => {
    expect(lostAnswers([failed], [request], 0)).toEqual([expect.stringMatching(/^lost: a /)])
  })

  test('if an attempt timed out and was never sent', () => {
    expect(lostAnswers([late], [], 0)).toEqual([expect.stringMatching(/^unsent: a /)])
  })
})

describe('no answer counts as lost', () => {
  test.each<[string, FailedAttempt, readonly Request[], number]>([
    ['if the server damaged it', attempt, [broken], 0],
    ['if another request of the same watch was answered', attempt, [{ ...whole, at: 900 }], 0],
    ["if another client's request was answered", attempt, [{ ...whole, client: 'b' }], 0],
    ['if the request was repeated, and then damaged', attempt, [whole, broken], 0],
    ['if the answer arrived at the last moment', late, [{ ...whole, sentAt: 1_950 }], 0],
    ['if a process was too late to notice it', late, [whole], 180],
    ['if its attempt is ambiguous', { ...attempt, isAmbiguous: true }, [whole], 0],
    ['if a busy machine could not send the request in time', late, [], 100],
    ['if the connection failed', attempt, [], 0],
  ])('%s', (_, failed, log, lag) => {
    expect(lostAnswers([failed], log, lag)).toEqual([])
  })
})

describe('failed attempts are recorded', () => {
  type Said = Happening & { readonly at: number }
  const started = { _tag: 'AttemptStarted', attempt: 1, late: 0 } as const
  const failed = { _tag: 'AttemptFailed', failure: unreachable('ECONNRESET') } as const
  const noted = (...said: readonly Said[]): readonly FailedAttempt[] => {
    let time = 0
    const attempts = noteAttempts(() => time)
    const listener = attempts.listener('a', 1_000)
    for (const event of said) {
      time = event.at
      listener({ ...event, account: 'acct_1', upload })
    }
    return attempts.take()
  }

  test('with their start and their failure', () => {
    expect(noted({ ...started, at: 5 }, { ...failed, at: 25 })).toEqual([
      { ...attempt, from: 5, to: 25, failure: 'Unreachable ECONNRESET' },
    ])
  })

  test.each([
    ['poll', 0],
    ['push', 1],
  ] as const)('and a status by %s before the failure leaves %d of them', (via, count) => {
    const received = { _tag: 'StatusReceived', status: 'pending', via, at: 2 } as const
    expect(noted({ ...started, at: 1 }, received, { ...failed, at: 3 })).toHaveLength(count)
  })

  test.each<Said>([
    { ...started, at: 100 },
    { _tag: 'Paused', at: 100 },
  ])('as ambiguous soon after an abandoned attempt: %j', given => {
    const then = (at: number): readonly FailedAttempt[] =>
      noted(
        { ...started, at: 0 },
        given,
        { _tag: 'Paused', at: 101 },
        { ...started, at },
        { ...failed, at: at + 10 },
      )
    expect(then(150)).toEqual([expect.objectContaining({ isAmbiguous: true })])
    expect(then(1_000)).toEqual([expect.objectContaining({ isAmbiguous: false })])
  })
})
