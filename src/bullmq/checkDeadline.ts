import { DelayedError, type Job } from 'bullmq'
import * as E from '../failure/either'
import { expired } from '../failure/failure'
import { endJob } from './endWatch'
import { decodeDeadline, decodeJob } from './jobs'
import type { Queues } from './queues'
import { inCircumstances } from '../watch/watchState'

/**
 * The jobs that are not paced: the end of an upload, which is forgotten when its retention is over;
 * and a deadline, at which all uploads that were added together end, even if their turn is far.
 *
 * @param deadline milliseconds of a watch
 * @param now milliseconds since 1970
 */
export const endsJob =
  (queues: Queues, deadline: number, now: () => number) =>
  async (job: Job, token?: string): Promise<void> => {
    const together = decodeDeadline(job.data)
    if (together === null || deadline === Infinity) return
    const { startedAt, jobs } = together
    if (now() < startedAt + deadline) {
      await job.moveToDelayed(startedAt + deadline, token)
      throw new DelayedError()
    }
    for (const id of jobs) await expire(queues, id, startedAt, deadline, now)
  }

/** Ends a watch with `Expired`, if it still runs. */
const expire = async (
  queues: Queues,
  id: string,
  startedAt: number,
  deadline: number,
  now: () => number,
): Promise<void> => {
  const job = await queues.watches.getJob(id)
  const watch = job === undefined ? null : decodeJob(job.data)
  if (job === undefined || watch?.startedAt !== startedAt) return
  const { ref, begun, retention } = watch
  const { state } = begun
  const failure = inCircumstances(expired(deadline, state.lastFailure), state, now() - startedAt)
  await endJob(queues, job, { ref, startedAt, value: E.left(failure) }, retention)
}
