import * as E from '../failure/either'
import type { Job } from 'bullmq'
import { decodeEnd, encodeEnd, jobId, settledId, type EndedWatch } from './jobs'
import type { Queues } from './queues'

/** Milliseconds: the longest wait before `onSettled` is called again. */
export const longestBackoff = 60_000

/**
 * Writes the end of a watch: first for `onSettled`, then for those who ask later. Each part may be
 * written again after a crash; the end that was written first stays.
 *
 * @param retention milliseconds that the end is remembered
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
    // Called again until nobody would remember the upload.
    attempts: 8 + Math.ceil(retention / longestBackoff),
    backoff: { type: 'custom' },
  })
  const first = await settled.getJob(id)
  const stored = (first === undefined ? null : decodeEnd(first.data)) ?? end
  const known = await ends.getJob(jobId(end.ref))
  const before = known === undefined ? null : decodeEnd(known.data)
  if (before?.startedAt === end.startedAt) return
  // An earlier watch of the upload.
  await known?.remove()
  await ends.add('ended', encodeEnd(stored), { jobId: jobId(end.ref), delay: retention })
}

/** Ends a watch from outside its worker. A worker that polls it now ignores its answer. */
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
    // It is locked: it is polled now. Its worker finds the end before the next poll.
    if (!(error instanceof Error && error.message.includes('locked'))) throw error
  }
}

/** Whether the end of an upload is final: after a failure it may be watched again. */
export const isFinal = (end: EndedWatch | null): boolean => end !== null && E.isRight(end.value)
