import * as E from '../failure/either'
import type { Job } from 'bullmq'
import { decodeEnd, encodeEnd, jobId, settledId, type EndedWatch } from './jobs'
import type { Queues } from './queues'

/** The longest wait, in ms, before `onSettled` is called again. */
export const maxBackoff = 60_000

/**
 * Writes the end of a watch: first for `onSettled`, then for late subscribers. After a crash both parts
 * may be written again; the first end that was written is kept.
 *
 * @param retention milliseconds for which the end is remembered
 */
export const writeEnd = async (
  { settled, ends }: Queues,
  end: EndedWatch,
  retention: number,
): Promise<void> => {
  const id = settledId(end)
  const keep = { age: Math.ceil(retention / 1_000) }
  await settled.add('settled', encodeEnd(end), {
    jobId: id,
    removeOnComplete: keep,
    removeOnFail: keep,
    // Enough attempts for the whole retention.
    attempts: 8 + Math.ceil(retention / maxBackoff),
    backoff: { type: 'custom' },
  })
  const first = await settled.getJob(id)
  const stored = (first === undefined ? null : decodeEnd(first.data)) ?? end
  const known = await ends.getJob(jobId(end.ref))
  const before = known === undefined ? null : decodeEnd(known.data)
  if (before?.startedAt === end.startedAt) return
  // The end of an earlier watch of the upload.
  await known?.remove()
  await ends.add('ended', encodeEnd(stored), { jobId: jobId(end.ref), delay: retention })
}

/** Ends a watch from outside its worker. A worker that is polling it ignores the answer. */
export const endJob = async (
  queues: Queues,
  job: Job,
  end: EndedWatch,
  retention: number,
): Promise<void> => {
  await writeEnd(queues, end, retention)
  try {
    await job.remove()
  } catch (error) {
    // A locked job is being polled. Its worker finds the end before the next poll.
    if (!(error instanceof Error && error.message.includes('locked'))) throw error
  }
}

/** Whether an end is final. After a failure the upload may be watched again. */
export const isFinal = (end: EndedWatch | null): boolean => end !== null && E.isRight(end.value)
