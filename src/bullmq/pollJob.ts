import { DelayedError, type Job } from 'bullmq'
import type { Either } from 'fp-ts/Either'
import { firstValueFrom, tap } from 'rxjs'
import type { Answer } from '../api/answer'
import { isOutcome } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import { withRefusedKey } from '../http/refusedKey'
import type { RequestOf } from '../http/request'
import type { Settings } from '../options'
import { notify } from '../runtime/notify'
import { statusRequest } from '../statusRequest'
import { statusReceived } from '../watch/answered'
import { liveWatch, type SavedWatch } from '../watch/liveWatch'
import { step$ } from '../watch/step'
import { writeEnd } from './endWatch'
import { decodeProgress, encodeStatus } from './jobs'
import type { Queues } from './queues'
import type { TeamBudget, Turn } from './teamBudget'
import { decodeJob, encodeJob, hasLostData, type WatchJob } from './watchJob'

/** The most ms from the start of a job to its request, because the limiter counts job starts. */
const maxStartDelay = 5_000

/** Milliseconds until an upload is polled again after a defect. */
const untilRepaired = 1_000

/** Milliseconds until a job of another version is retried, possibly by a worker that can read it. */
const untilReadable = 60_000

/** The latest time that a BullMQ delay can represent. */
const latest = 2 ** 41 - 1

/** Puts a job back into the queue until a time in ms since 1970. */
const delayUntil = async (job: Job, at: number, token: string | undefined): Promise<never> => {
  await job.moveToDelayed(Math.min(Math.ceil(at), latest), token)
  throw new DelayedError()
}

/** Applies a status that was pushed while the job waited. */
const withPushed = (
  { ref, begun }: WatchJob,
  progress: unknown,
  settings: Settings,
): SavedWatch => {
  const status = decodeProgress(ref, progress)
  if (status === null || status.status === begun.state.status?.status) return begun
  const watch = liveWatch(ref, settings, begun)
  watch.apply(statusReceived(status, 'push', settings))
  return { ...begun, state: watch.state() }
}

/** Throws if a worker has no valid key: that is a fault of the worker, and must not end its uploads. */
const requireKey = (answer: Either<Failure, Answer>): void => {
  if (E.isRight(answer) || answer.left._tag !== 'InvalidRequest') return
  if (answer.left.which === 'apiKey') throw new TypeError(`apiKey ${answer.left.why}`)
}

/** Creates the request of an attempt. A refused key is not sent again for a while. */
const requestWith = (settings: ReturnType<typeof withRefusedKey<Settings>>): RequestOf => {
  const request = statusRequest(settings)
  return (ref, after) => {
    const attempt = request(ref, after)
    return E.isLeft(attempt)
      ? attempt
      : E.right(settings.refusedKey.unlessRefused$(attempt.right).pipe(tap(requireKey)))
  }
}

/**
 * Makes one attempt of a watch, then puts its job back until the next attempt is due, or writes its
 * end. If the worker dies, the attempt is repeated: all state of a watch is in its job.
 *
 * @param now milliseconds since 1970
 * @param report receives defects, such as a `schedule` that throws, or a key that is missing
 */
export const pollJob = (
  queues: Queues,
  team: TeamBudget,
  options: Settings,
  now: () => number,
  report: (defect: unknown) => void,
): ((job: Job, token?: string) => Promise<void>) => {
  const settings = withRefusedKey(options)
  const requestOf = requestWith(settings)

  /** Makes one attempt. The team budget processes its answer before the job ends. */
  const attempt = async (ref: UploadRef, begun: SavedWatch, turn: Turn) => {
    const updates: Promise<void>[] = []
    const budget = {
      admit: <A>(request$: A): A => request$,
      learn: (answer: Answer) => {
        updates.push(team.learn(answer, turn))
      },
      load: () => ({ queue: 0, wait: 0, rate: 0 }),
    }
    // A step is always emitted.
    // eslint-disable-next-line rxjs-x/no-ignored-default-value
    const step = await firstValueFrom(step$(ref, requestOf, { ...settings, budget }, begun))
    await Promise.all(updates)
    return step
  }

  const poll = async (job: Job, token: string | undefined): Promise<void> => {
    const watch = decodeJob(job)
    if (watch === null) {
      if (!hasLostData(job)) return delayUntil(job, now() + untilReadable, token)
      // Ends the job, so that BullMQ removes it, and its upload can be added again.
      report(new Error(`the data of job ${job.id ?? ''} is gone: it was deleted or evicted`))
      return
    }
    const { ref, startedAt } = watch
    const [end, turn] = await Promise.all([queues.endOf(ref), team.turn()])
    if (end?.startedAt === startedAt) return
    if (turn.wait > 0) return delayUntil(job, now() + turn.wait, token)
    if (now() - (job.processedOn ?? 0) > maxStartDelay) return delayUntil(job, now(), token)

    // The clocks of two machines differ, so the elapsed time must not decrease.
    const elapsed = Math.max(watch.begun.elapsed, now() - startedAt)
    const begun = withPushed(
      { ...watch, begun: { ...watch.begun, elapsed } },
      job.progress,
      settings,
    )
    const { value, ...next } = await attempt(ref, begun, turn)
    // The producer's clock may be ahead of this one, and then the next poll must not wait for that.
    const origin = Math.min(startedAt, now() - next.elapsed)
    if (value !== undefined && isOutcome(value)) {
      await writeEnd(queues, { ref, startedAt, value }, watch.retention)
      return
    }
    notify(settings.on, { _tag: 'Stopped', ...ref, at: next.elapsed })
    if (value !== undefined) await job.updateProgress(encodeStatus(value.right))
    await job.updateData(encodeJob({ ...watch, begun: next }))
    const dueAt = Math.min(next.state.dueAt, settings.deadline)
    return delayUntil(job, origin + dueAt, token)
  }

  return async (job, token) => {
    try {
      await poll(job, token)
    } catch (error) {
      if (error instanceof DelayedError) throw error
      report(error)
      await delayUntil(job, now() + untilRepaired, token)
    }
  }
}
