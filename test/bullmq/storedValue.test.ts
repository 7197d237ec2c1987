import { expect, test } from '@jest/globals'
import { isLeft, right } from 'fp-ts/Either'
import { encodeStatus, jobId, type EndedWatch } from '../../src/bullmq/jobs'
import { storedValue } from '../../src/bullmq/storedValue'
import { encodeJob } from '../../src/bullmq/watchJob'
import { newWatch, type SavedWatch } from '../../src/watch/liveWatch'
import { completedOf, pendingOf, processingOf, refOf } from './world'

const ref = refOf('one')

const jobAt = (startedAt: number, { begun = newWatch, progress = {} } = {}) => ({
  id: jobId(ref),
  data: encodeJob({ startedAt, begun, retention: 1_000 }),
  progress,
})

const endAt = (startedAt: number): EndedWatch => ({
  ref,
  startedAt,
  value: right(completedOf('one')),
})

const pending: SavedWatch = {
  state: { ...newWatch.state, status: pendingOf('one') },
  elapsed: 0,
}

test('an upload without a job and without an end was not added', () => {
  const value = storedValue(ref, undefined, null)
  expect(value !== null && isLeft(value) && value.left).toMatchObject({
    _tag: 'InvalidRequest',
    which: 'upload',
  })
})

test('a new watch has no value', () => {
  expect(storedValue(ref, jobAt(1), null)).toBeNull()
})

test('a polled watch has the status of its job, or the progress, which is newer', () => {
  expect(storedValue(ref, jobAt(1, { begun: pending }), null)).toEqual(right(pendingOf('one')))
  const progress = encodeStatus(processingOf('one'))
  expect(storedValue(ref, jobAt(1, { begun: pending, progress }), null)).toEqual(
    right(processingOf('one')),
  )
})

test('an end counts without a job, and beside the job of the same watch', () => {
  const ended = right(completedOf('one'))
  expect(storedValue(ref, undefined, endAt(1))).toEqual(ended)
  expect(storedValue(ref, jobAt(1, { begun: pending }), endAt(1))).toEqual(ended)
})

test('the end of an earlier watch does not count', () => {
  expect(storedValue(ref, jobAt(2), endAt(1))).toBeNull()
  expect(storedValue(ref, jobAt(2, { begun: pending }), endAt(1))).toEqual(right(pendingOf('one')))
})
