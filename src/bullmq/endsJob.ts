import { DelayedError, type Job } from 'bullmq'
import * as E from '../failure/either'
import { expired } from '../failure/failure'
import { endJob } from './endWatch'
import { decodeDeadline } from './jobs'
import type { Queues } from './queues'
import { decodeJob } from './watchJob'
import { inCircumstances } from '../watch/watchState'

/**
 * Processes the jobs without rate limit. The end of an upload is removed when its retention is over. A
 * deadline ends all uploads that were added together, even if their next poll is far away.
 *
 * @param deadline milliseconds of a watch
 * @param now milliseconds since 1970
 */
export const endsJob =
  (queues: Queues, deadline: number, now: () => number) =>
  async (job: Job, token?: string): Promise<void> => {
    const shared = decodeDeadline(job.data)
    if (shared === null || deadline === Infinity) return
    const { startedAt, jobs } = shared
    if (now() < startedAt + deadline) {
      await job.moveToDelayed(startedAt + deadline, token)
      throw new DelayedError()
    }
    for (const id of jobs) await expire(queues, id, startedAt, deadline, now)
  }

/** Ends a watch with `Expired` if it is still running. */
const expire = async (
  queues: Queues,
  id: string,
  startedAt: number,
  deadline: number,
  now: () => number,
): Promise<void> => {
  const job = await queues.watches.getJob(id)
  const watch = job === undefined ? null : decodeJob(job)
  if (job === undefined || watch?.startedAt !== startedAt) return
  const { ref, begun, retention } = watch
  const { state } = begun
  const failure = inCircumstances(expired(deadline, state.lastFailure), state, now() - startedAt)
  await endJob(queues, job, { ref, startedAt, value: E.left(failure) }, retention)
}
