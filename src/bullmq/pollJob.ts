import { DelayedError, type Job } from 'bullmq'
import { firstValueFrom } from 'rxjs'
import type { Answer } from '../api/answer'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { isOutcome } from '../api/status'
import { withRefusedKey } from '../http/refusedKey'
import type { RequestOf } from '../http/request'
import { notify } from '../runtime/notify'
import { statusRequest } from '../statusRequest'
import type { Settings } from '../options'
import { liveWatch, type BegunWatch } from '../watch/liveWatch'
import { step$ } from '../watch/step'
import { writeEnd } from './endWatch'
import { decodeJob, decodeProgress, encodeJob, type WatchJob } from './jobs'
import type { Queues } from './queues'
import type { TeamBudget, Turn } from './teamBudget'
import { statusReceived } from '../watch/answered'

/** The longest time, in ms, from the start of a job to its request: the limiter counts the starts. */
const longestStart = 5_000

/** Milliseconds until a job of another version is looked at again, by a worker that may read it. */
const untilReadable = 60_000

/** The latest time that the delays of BullMQ can hold. */
const latest = 2 ** 41 - 1

/** Puts a job back into the queue, until a time in ms since 1970. */
const delayUntil = async (job: Job, at: number, token: string | undefined): Promise<never> => {
  await job.moveToDelayed(Math.min(Math.ceil(at), latest), token)
  throw new DelayedError()
}

/** Takes over a status that was pushed while the job waited. */
const withPushed = (
  { ref, begun }: WatchJob,
  progress: unknown,
  settings: Settings,
): BegunWatch => {
  const status = decodeProgress(ref, progress)
  if (status === null || status.status === begun.state.status?.status) return begun
  const watch = liveWatch(ref, settings, begun)
  watch.apply(statusReceived(status, 'push', settings))
  return { ...begun, state: watch.state() }
}

/** The request of an attempt. A key that was refused is not sent again for a while. */
const requestWith = (settings: ReturnType<typeof withRefusedKey<Settings>>): RequestOf => {
  const request = statusRequest(settings)
  return (ref, after) => {
    const attempt = request(ref, after)
    return E.isLeft(attempt) ? attempt : E.right(settings.refusedKey.unlessRefused$(attempt.right))
  }
}

/**
 * Makes one attempt of a watch, and puts its job back until the next one is due, or writes its end.
 * A job whose worker dies is made again from where it was: nothing of it is kept elsewhere.
 *
 * @param now milliseconds since 1970
 */
export const pollJob = (
  queues: Queues,
  team: TeamBudget,
  options: Settings,
  now: () => number,
): ((job: Job, token?: string) => Promise<void>) => {
  const settings = withRefusedKey(options)
  const requestOf = requestWith(settings)

  /** One attempt, whose answer the team learns from before its job ends. */
  const attempt = async (ref: UploadRef, begun: BegunWatch, turn: Turn) => {
    const learning: Promise<void>[] = []
    const budget = {
      admit: <A>(request$: A): A => request$,
      learn: (answer: Answer) => {
        learning.push(team.learn(answer, turn))
      },
      load: () => ({ queue: 0, wait: 0, rate: 0 }),
    }
    // A step is always emitted.
    // eslint-disable-next-line rxjs-x/no-ignored-default-value
    const step = await firstValueFrom(step$(ref, requestOf, { ...settings, budget }, begun))
    await Promise.all(learning)
    return step
  }

  return async (job, token) => {
    const watch = decodeJob(job.data)
    if (watch === null) return delayUntil(job, now() + untilReadable, token)
    const { ref, startedAt } = watch
    const [end, turn] = await Promise.all([queues.endOf(ref), team.turn()])
    if (end?.startedAt === startedAt) return
    if (turn.wait > 0) return delayUntil(job, now() + turn.wait, token)
    if (now() - (job.processedOn ?? 0) > longestStart) return delayUntil(job, now(), token)

    // The clocks of two machines differ: no time goes back.
    const elapsed = Math.max(watch.begun.elapsed, now() - startedAt)
    const begun = withPushed(
      { ...watch, begun: { ...watch.begun, elapsed } },
      job.progress,
      settings,
    )
    const { value, ...next } = await attempt(ref, begun, turn)
    if (value !== undefined && isOutcome(value)) {
      await writeEnd(queues, { ref, startedAt, value }, watch.retention)
      return
    }
    notify(settings.on, { _tag: 'Stopped', ...ref, at: next.elapsed })
    if (value !== undefined) await job.updateProgress(value.right)
    await job.updateData(encodeJob({ ...watch, begun: next }))
    const dueAt = Math.min(next.state.dueAt, settings.deadline)
    return delayUntil(job, startedAt + dueAt, token)
  }
}
