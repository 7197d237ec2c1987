import type { Job } from 'bullmq'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { invalidRequest } from '../failure/failure'
import type { Watched } from '../watch/event'
import { decodeProgress, type EndedWatch } from './jobs'
import { decodeJob, hasLostData } from './watchJob'

/**
 * The latest value of an upload as it is stored: the end of its watch, its status, or the failure of an
 * upload that nobody added. Null before its first status.
 *
 * @param end the latest remembered end, possibly of an earlier watch
 */
export const storedValue = (
  ref: UploadRef,
  stored: Pick<Job, 'id' | 'data' | 'progress'> | undefined,
  end: EndedWatch | null,
): Watched | null => {
  const job = stored === undefined || hasLostData(stored) ? undefined : stored
  const watch = job === undefined ? null : decodeJob(job)
  if (end !== null && (job === undefined || end.startedAt === watch?.startedAt)) return end.value
  if (job === undefined) {
    const why = 'was not added to the queue, or its retention is over: add it with watch()'
    return E.left(invalidRequest('upload', why))
  }
  const status = decodeProgress(ref, job.progress) ?? watch?.begun.state.status ?? null
  return status === null ? null : E.right(status)
}
