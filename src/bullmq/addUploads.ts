import type { Either } from 'fp-ts/Either'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { isRecord } from '../api/parseJson'
import { isIdentifier, type UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { newWatch } from '../watch/liveWatch'
import { isFinal } from './endWatch'
import type { FailFast } from './failFast'
import { encodeDeadline, jobId } from './jobs'
import type { Queues } from './queues'
import { incompatible, refused, unavailable, type QueueFailure } from './queueFailure'
import { decodeJob, encodeJob, hasLostData, versionOf, watchJobVersion } from './watchJob'

/** The result of `watch`. */
export interface Added {
  /** The number of newly watched uploads. */
  readonly added: number
  /** The number of uploads that are already watched, or whose terminal status is remembered. */
  readonly known: number
}

/** The number of uploads in one Redis command. Each command has its own time limit. */
const chunkSize = 100

/** How often jobs that have lost their data are removed. */
const maxRemovals = 5

/** Milliseconds between two removals, in which a worker ends such a job. */
const betweenRemovals = 100

const chunksOf = <A>(all: readonly A[]): ReadonlyArray<readonly A[]> =>
  Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, nth) =>
    all.slice(nth * chunkSize, (nth + 1) * chunkSize),
  )

const isLegal = (ref: unknown): ref is UploadRef =>
  isRecord(ref) && isIdentifier(ref['account']) && isIdentifier(ref['upload'])

/**
 * Adds a job for each upload without one, and a job for their shared deadline. The deadline is added
 * first, because without its uploads it does nothing.
 *
 * @param now milliseconds since 1970
 */
export const addUploads = async (
  queues: Queues,
  attempt: FailFast['attempt'],
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
  removals = maxRemovals,
): Promise<Either<QueueFailure, number>> => {
  const ends = await Promise.all(refs.map(queues.endOf))
  const wanted = refs.filter((_, nth) => !isFinal(ends[nth] ?? null))
  if (wanted.length === 0) return E.right(0)
  await queues.ends.add('deadline', encodeDeadline(startedAt, wanted.map(jobId)), {
    jobId: `deadline~${randomUUID()}`,
  })
  await queues.watches.addBulk(
    wanted.map(({ account, upload }) => ({
      name: 'watch',
      data: encodeJob({ startedAt, begun: newWatch, retention }),
      opts: { jobId: jobId({ account, upload }) },
    })),
  )
  // Existing jobs are not replaced. Reading the jobs back shows which ones this call added.
  const jobs = await Promise.all(wanted.map(ref => queues.watches.getJob(jobId(ref))))
  const lost = wanted.filter((_, nth) => {
    const job = jobs[nth]
    return job !== undefined && hasLostData(job)
  })
  if (lost.length > 0) {
    if (removals === 0) return E.left(unavailable('UNKNOWN'))
    // Does not remove a job that a worker has just started. The worker ends it without a request.
    await Promise.all(lost.map(ref => queues.watches.remove(jobId(ref))))
    await setTimeout(betweenRemovals)
    return addChunk(queues, refs, retention, startedAt, removals - 1)
  }
  const unreadable = jobs.find(job => job !== undefined && decodeJob(job) === null)
  if (unreadable !== undefined)
    return E.left(incompatible(versionOf(unreadable.data), watchJobVersion))
  const known = jobs.filter(job => {
    const watch = job === undefined ? null : decodeJob(job)
    return watch !== null && watch.startedAt !== startedAt
  })
  return E.right(wanted.length - known.length)
}
