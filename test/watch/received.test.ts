import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { rejected, timedOut } from '../../src/failure/failure'
import { defaultRetry } from '../../src/watch/retry'
import { decodeAnswer, received, type Received } from '../../src/watch/received'
import { unstarted, type Rules, type Step } from '../../src/watch/watchState'
import { answerOf } from '../api/answerOf'
import { pending, ref } from '../answers'

const rules: Rules = {
  schedule: () => 1_000,
  safetyNet: () => 30_000,
  retry: defaultRetry,
  deadline: Infinity,
  notFoundGrace: 0,
  onUnknownStatus: 'fail',
  emit: 'changes',
  random: () => 0,
}

const credits = { used: '1', balance: null }
const refused = left(rejected(401))

const tagsOf = (members: Partial<Received>): readonly string[] => {
  const answer = { status: right(pending), retryAfter: null, key: undefined, credits: null }
  return received({ ...answer, ...members }, rules)(unstarted, 5).events.map(({ _tag }) => _tag)
}

describe('a received answer', () => {
  test('has a status, its Retry-After, the state of the key, and its credits', () => {
    const headers = { 'retry-after': '7', 'x-ofapi-credits-used': '1' }
    const answer = answerOf({ body: right(pending), headers, key: 'refused' })
    expect(decodeAnswer(ref.upload, right(answer))).toEqual({
      status: right(pending),
      retryAfter: 7_000,
      key: 'refused',
      credits,
    })
  })

  test('that is a failure has no Retry-After, key or credits', () => {
    const lost = left(timedOut('headers', 10))
    expect(decodeAnswer(ref.upload, lost)).toEqual({
      status: lost,
      retryAfter: null,
      key: undefined,
      credits: null,
    })
  })

  test('emits CreditsReported first, if it has credits', () => {
    expect(tagsOf({ credits })).toEqual(['CreditsReported', 'StatusReceived', 'PollScheduled'])
    expect(tagsOf({})).toEqual(['StatusReceived', 'PollScheduled'])
  })

  test('delays the next poll by its Retry-After', () => {
    const answer = { status: right(pending), retryAfter: 9_000, key: undefined, credits: null }
    expect(received(answer, rules)(unstarted, 0).watch.dueAt).toBe(9_090)
  })
})

describe('a refusal of the key', () => {
  test('ends the watch', () => {
    expect(tagsOf({ status: refused, key: 'refused', credits })).toEqual([
      'CreditsReported',
      'AttemptFailed',
    ])
  })

  test('is followed by another attempt if the key has changed', () => {
    expect(tagsOf({ status: refused, key: 'changed' })).toEqual(['AttemptFailed', 'RetryScheduled'])
  })

  test('that is repeated without a request ends the watch without an event', () => {
    const step = (status: Received['status']): Step =>
      received({ status, retryAfter: null, key: 'refusedBefore', credits }, rules)(unstarted, 0)
    expect(step(refused)).toEqual({ watch: unstarted, value: refused, events: [] })
  })
})
