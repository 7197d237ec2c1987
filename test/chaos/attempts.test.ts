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

describe('a healthy answer is lost', () => {
  test.each<[string, FailedAttempt, Request]>([
    ['an attempt failed that was answered whole', attempt, whole],
    ['an attempt ran out of time that was answered long before', late, whole],
  ])('where %s', (_, failed, request) => {
    expect(lostAnswers([failed], [request], 0)).toEqual([expect.stringMatching(/^lost: a /)])
  })

  test('where an attempt ran out of time and was never sent', () => {
    expect(lostAnswers([late], [], 0)).toEqual([expect.stringMatching(/^unheard: a /)])
  })
})

describe('no healthy answer is lost', () => {
  test.each<[string, FailedAttempt, readonly Request[], number]>([
    ['where the server harmed it', attempt, [broken], 0],
    ['where another request of the same watch was answered', attempt, [{ ...whole, at: 900 }], 0],
    ["where another client's request was answered", attempt, [{ ...whole, client: 'b' }], 0],
    ['where the request was repeated, and then harmed', attempt, [whole, broken], 0],
    ['where the answer came at the last moment', late, [{ ...whole, sentAt: 1_950 }], 0],
    ['where a process was too late to see it', late, [whole], 180],
    ['where nobody can tell whose answer it was', { ...attempt, isAmbiguous: true }, [whole], 0],
    ['where a request could not be sent in time, as the machine is busy', late, [], 100],
    ['where the connection failed', attempt, [], 0],
  ])('%s', (_, failed, log, lag) => {
    expect(lostAnswers([failed], log, lag)).toEqual([])
  })
})

describe('attempts are noted', () => {
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

  test('from their start to their failure', () => {
    expect(noted({ ...started, at: 5 }, { ...failed, at: 25 })).toEqual([
      { ...attempt, from: 5, to: 25, failure: 'Unreachable ECONNRESET' },
    ])
  })

  test.each([
    ['poll', 0],
    ['push', 1],
  ] as const)('a status by %s leaves %d of them to fail', (via, count) => {
    const received = { _tag: 'StatusReceived', status: 'pending', via, at: 2 } as const
    expect(noted({ ...started, at: 1 }, received, { ...failed, at: 3 })).toHaveLength(count)
  })

  test.each<Said>([
    { ...started, at: 100 },
    { _tag: 'Paused', at: 100 },
  ])('as ambiguous soon after one was given up: %j', given => {
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
