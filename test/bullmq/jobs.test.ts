import { describe, expect, test } from '@jest/globals'
import { decodeProgress, encodeStatus, jobId } from '../../src/bullmq/jobs'
import { decodeJob, encodeJob } from '../../src/bullmq/watchJob'
import { timedOut } from '../../src/failure/failure'
import { encodeWatch } from '../../src/watch/keptWatch'
import { newWatch, type SavedWatch } from '../../src/watch/liveWatch'
import { pendingOf, processingOf, refOf } from './world'

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

/** A polled watch whose status has no unknown member. */
const plain: SavedWatch = {
  state: { ...polled.state, status: pendingOf('one') },
  elapsed: 21_000,
}

const throughRedis = (begun: SavedWatch): unknown => {
  const data: unknown = JSON.parse(JSON.stringify(encodeJob({ ...stored, begun })))
  return decodeJob({ id: jobId(ref), data })
}

describe('job data', () => {
  test.each([
    ['new', newWatch],
    ['polled', polled],
    ['plain polled', plain],
  ])('of a %s watch is decoded as it was encoded', (_, begun) => {
    expect(throughRedis(begun)).toEqual({ ...stored, begun })
  })

  test('contains no state for a new watch, and never the id', () => {
    const data = JSON.stringify(encodeJob({ ...stored, begun: newWatch }))
    expect(data).toBe('{"v":2,"s":1795703344228,"r":1000}')
    expect(JSON.stringify(encodeJob({ ...stored, begun: polled }))).not.toContain('one')
  })

  test('has short names, and omits a retention of one day', () => {
    const day = { ...stored, retention: 86_400_000, begun: { ...newWatch, elapsed: 70 } }
    expect(encodeJob(day)).toEqual({ v: 2, s: 1_795_703_344_228, e: 70 })
    expect(encodeJob({ ...stored, begun: plain })).toMatchObject({ u: 'pending', d: 'never' })
    expect(encodeJob({ ...stored, begun: polled })).toMatchObject({
      u: { status: 'processing', percent: 40 },
    })
  })

  test.each([
    ['new', newWatch, {}],
    [
      'polled',
      polled,
      { ...encodeWatch(polled).state, status: { status: 'processing', percent: 40 } },
    ],
  ])('of a %s watch of version 1 is decoded', (_, begun, state) => {
    const data = {
      v: 1,
      startedAt: stored.startedAt,
      retention: 1_000,
      elapsed: begun.elapsed,
      state,
    }
    const json: unknown = JSON.parse(JSON.stringify(data))
    expect(decodeJob({ id: jobId(ref), data: json })).toEqual({ ...stored, begun })
  })

  test.each([
    ['another version', { v: 3 }],
    ['a member of another type', { n: 'many' }],
    ['no start', { s: undefined }],
    ['version 1 and no state', { v: 1, startedAt: 1, retention: 1, elapsed: 1 }],
  ])('with %s is not decoded', (_, others) => {
    const data = { ...encodeJob({ ...stored, begun: newWatch }), ...others }
    expect(decodeJob({ id: jobId(ref), data })).toBeNull()
    expect(decodeJob({ id: jobId(ref), data: 'text' })).toBeNull()
  })

  test('of a job that is not a watch is not decoded', () => {
    const data = encodeJob({ ...stored, begun: newWatch })
    expect(decodeJob({ id: 'deadline~1~2', data })).toBeNull()
    expect(decodeJob({ data })).toBeNull()
  })
})

test('decodeProgress returns the latest status of a job, or null', () => {
  const progress: unknown = JSON.parse(JSON.stringify(encodeStatus(processingOf('one'))))
  expect(progress).toEqual({ status: 'processing' })
  expect(decodeProgress(ref, progress)).toEqual(processingOf('one'))
  expect(decodeProgress(ref, 0)).toBeNull()
})
