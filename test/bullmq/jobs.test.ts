import { describe, expect, test } from '@jest/globals'
import { decodeJob, decodeProgress, encodeJob, encodeStatus, jobId } from '../../src/bullmq/jobs'
import { timedOut } from '../../src/failure/failure'
import { newWatch, type SavedWatch } from '../../src/watch/liveWatch'
import { processingOf, refOf } from './world'

const ref = refOf('one')
const stored = { ref, startedAt: 1_795_703_344_228, retention: 1_000 }

const polled: SavedWatch = {
  state: {
    ...newWatch.state,
    attempts: 3,
    askedAt: 20_000,
    knownAt: 20_000,
    polls: 2,
    streak: { retries: 1, unspent: 2, malformed: 1, isRekeyed: true },
    // A member that the contract does not name.
    status: Object.assign(processingOf('one'), { percent: 40 }),
    changedAt: 20_000,
    dueAt: Infinity,
    scheduledAt: Infinity,
    wait: Infinity,
    lastFailure: timedOut('body', 1_000),
  },
  elapsed: 21_000,
}

const throughRedis = (begun: SavedWatch): unknown => {
  const data: unknown = JSON.parse(JSON.stringify(encodeJob({ ...stored, begun })))
  return decodeJob({ id: jobId(ref), data })
}

describe('the data of a job', () => {
  test.each([
    ['new', newWatch],
    ['polled', polled],
  ])('of a watch that is %s are read as they were written', (_, begun) => {
    expect(throughRedis(begun)).toEqual({ ...stored, begun })
  })

  test('of a new watch hold nothing of its state, and never its id', () => {
    const data = JSON.stringify(encodeJob({ ...stored, begun: newWatch }))
    expect(data).toBe('{"v":1,"startedAt":1795703344228,"retention":1000,"elapsed":0,"state":{}}')
    expect(JSON.stringify(encodeJob({ ...stored, begun: polled }))).not.toContain('one')
  })

  test.each([
    ['another version', { v: 2 }],
    ['a state of another shape', { state: { attempts: 'many' } }],
    ['no state', { state: undefined }],
  ])('with %s are not read', (_, others) => {
    const data = { ...encodeJob({ ...stored, begun: newWatch }), ...others }
    expect(decodeJob({ id: jobId(ref), data })).toBeNull()
  })

  test('of a job that is no watch are not read', () => {
    const data = encodeJob({ ...stored, begun: newWatch })
    expect(decodeJob({ id: 'deadline~1~2', data })).toBeNull()
    expect(decodeJob({ data })).toBeNull()
  })
})

test('the progress of a job is its latest status, if it has one', () => {
  const progress: unknown = JSON.parse(JSON.stringify(encodeStatus(processingOf('one'))))
  expect(progress).toEqual({ status: 'processing' })
  expect(decodeProgress(ref, progress)).toEqual(processingOf('one'))
  expect(decodeProgress(ref, 0)).toBeNull()
})
