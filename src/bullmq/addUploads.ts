import type { Either } from 'fp-ts/Either'
import { randomUUID } from 'node:crypto'
import { isIdentifier, type UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { keptVersion } from '../watch/keptWatch'
import { isFinal } from './endWatch'
import type { FailingFast } from './failingFast'
import { decodeJob, encodeDeadline, encodeJob, jobId, versionOf } from './jobs'
import type { Queues } from './queues'
import { incompatible, refused, type QueueFailure } from './queueFailure'
import { unstarted } from '../watch/watchState'

/** How many uploads a call of `watch` added. */
export interface Added {
  /** Uploads that are watched from now on. */
  readonly added: number
  /** Uploads that are watched already, or whose terminal status is remembered. */
  readonly known: number
}

/** Uploads that go to Redis in one command. Each such command has a time limit of its own. */
const together = 100

const chunksOf = <A>(all: readonly A[]): ReadonlyArray<readonly A[]> =>
  Array.from({ length: Math.ceil(all.length / together) }, (_, nth) =>
    all.slice(nth * together, (nth + 1) * together),
  )

const isLegal = (ref: unknown): ref is UploadRef =>
  typeof ref === 'object' &&
  ref !== null &&
  isIdentifier(Reflect.get(ref, 'account')) &&
  isIdentifier(Reflect.get(ref, 'upload'))

/**
 * Adds a job for each upload that has none, and one for the deadline that they share. The deadline
 * comes first: without its uploads it does nothing.
 *
 * @param now milliseconds since 1970
 */
export const addUploads = async (
  queues: Queues,
  attempt: FailingFast['attempt'],
  uploads: readonly unknown[],
  retention: number,
  now: number,
): Promise<Either<QueueFailure, Added>> => {
  if (!uploads.every(isLegal)) return E.left(refused('INVALID_REFERENCE'))
  const refs = [...new Map(uploads.map(ref => [jobId(ref), ref])).values()]
  let added = 0
  for (const chunk of chunksOf(refs)) {
    const result = await attempt(() => addChunk(queues, chunk, retention, now))()
    if (E.isLeft(result)) return result
    added += result.right
  }
  return E.right({ added, known: refs.length - added })
}

const addChunk = async (
  queues: Queues,
  refs: readonly UploadRef[],
  retention: number,
  startedAt: number,
): Promise<Either<QueueFailure, number>> => {
  const ends = await Promise.all(refs.map(queues.endOf))
  const wanted = refs.filter((_, nth) => !isFinal(ends[nth] ?? null))
  if (wanted.length === 0) return E.right(0)
  await queues.ends.add('deadline', encodeDeadline(startedAt, wanted.map(jobId)), {
    jobId: `deadline~${randomUUID()}`,
  })
  const begun = { state: unstarted, elapsed: 0 }
  await queues.watches.addBulk(
    wanted.map(({ account, upload }) => ({
      name: 'watch',
      data: encodeJob({ ref: { account, upload }, startedAt, begun, retention }),
      opts: { jobId: jobId({ account, upload }) },
    })),
  )
  // A job that exists already is left as it is: what is there now says who added it.
  const jobs = await Promise.all(wanted.map(ref => queues.watches.getJob(jobId(ref))))
  const unreadable = jobs.find(job => job !== undefined && decodeJob(job.data) === null)
  if (unreadable !== undefined) return E.left(incompatible(versionOf(unreadable.data), keptVersion))
  const known = jobs.filter(job => {
    const watch = job === undefined ? null : decodeJob(job.data)
    return watch !== null && watch.startedAt !== startedAt
  })
  return E.right(wanted.length - known.length)
}
