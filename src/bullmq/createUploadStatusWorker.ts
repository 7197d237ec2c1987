import { Worker, type Job, type WorkerOptions } from 'bullmq'
import type { Task } from 'fp-ts/Task'
import { defer, fromEvent, lastValueFrom, map, retry, takeUntil, timer } from 'rxjs'
import { endsJob } from './checkDeadline'
import { longestBackoff } from './endWatch'
import { decodeEnd, settledId } from './jobs'
import { pollJob } from './pollJob'
import { openQueues, patient, queueNames } from './queues'
import { spacingOf, teamBudget } from './teamBudget'
import { workerSettingsOf, type UploadStatusWorkerOptions } from './workerOptions'

/** A worker that runs. */
export interface UploadStatusWorker {
  /** Takes no more jobs, waits for the requests in flight, and closes the connections. */
  readonly close: Task<void>
}

/** Milliseconds between two looks for jobs whose worker died. */
const stalledInterval = 5_000

/** Milliseconds that a job may be locked longer than its request may take. */
const lockMargin = 5_000

/** Milliseconds to the next try, while Redis is away. */
const untilReopened = 1_000

/** A job whose worker died is always taken up again, however often that happens. */
const always = 2 ** 31 - 1

const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown))

/**
 * A worker of the queue: polls the uploads that were added, in the pace of the team, and reports their
 * ends. Start as many as you like, on as many machines; they share one budget.
 *
 * - One job starts every `60000 / (perMinute * (1 - headroom))` ms, over all workers.
 * - A stricter limit in an answer is adopted by all workers. A `429` pauses all of them; then one
 *   request probes, and after its answer the others follow evenly.
 * - If a worker dies, another one goes on with its uploads after `attemptTimeout` and 15 s at most.
 * - `onSettled` is called at least once for each end, always with the same `id`.
 * - Decisions, values and events are those of `uploadStatus$`.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * const worker = createUploadStatusWorker({
 *   connection: { url: 'redis://127.0.0.1:6379' },
 *   perMinute: 600,
 *   onSettled: async ({ id, upload, status }) => {
 *     console.log(id, upload, status._tag)
 *   },
 * })
 * process.once('SIGTERM', () => void worker.close())
 *
 * @see docs/queue.md
 */
export const createUploadStatusWorker = (
  options: UploadStatusWorkerOptions,
): UploadStatusWorker => {
  const settings = workerSettingsOf(options)
  const { place, watch, perMinute, headroom, inFlight, concurrency, onSettled } = settings
  const now = (): number => Date.now()
  const report = (thrown: unknown): void => {
    settings.onError(errorOf(thrown))
  }
  const queues = openQueues(place, report)
  const names = queueNames(place.name)
  const team = teamBudget(queues.watches, {
    perMinute,
    headroom,
    inFlight,
    random: watch.random,
    now,
  })

  const start = (
    name: string,
    work: (job: Job, token?: string) => Promise<void>,
    more: Partial<WorkerOptions>,
  ): Worker => {
    const worker = new Worker(name, work, {
      connection: patient(place.connection),
      prefix: place.prefix,
      concurrency,
      stalledInterval,
      maxStalledCount: always,
      runRetryDelay: untilReopened,
      ...more,
    })
    worker.on('error', report)
    worker.on('failed', (_, error) => {
      report(error)
    })
    return worker
  }

  const notify = async ({ data }: Job): Promise<void> => {
    const end = decodeEnd(data)
    // Another version wrote it: it fails, and is tried again by a worker that may read it.
    if (end === null) throw new Error('an end of another version: update all workers')
    await onSettled?.({ id: settledId(end), ...end.ref, status: end.value })
  }

  const startAll = (): readonly Worker[] => [
    start(names.watches, pollJob(queues, team, watch, now), {
      lockDuration: watch.attemptTimeout + lockMargin,
      // Holds too if Redis has lost the limits of the team.
      limiter: { max: 1, duration: spacingOf(perMinute, headroom) },
    }),
    start(names.ends, endsJob(queues, watch.deadline, now), {}),
    ...(onSettled === undefined
      ? []
      : [
          start(names.settled, notify, {
            settings: {
              backoffStrategy: attempts => Math.min(longestBackoff, 1_000 * 2 ** (attempts - 1)),
            },
          }),
        ]),
  ]

  const closed = new AbortController()
  /** No job starts before the limits are set. While Redis is away, that is tried again. */
  const workers$ = defer(() => team.open()).pipe(
    retry({
      delay: error => {
        report(error)
        return timer(untilReopened)
      },
    }),
    map(startAll),
    takeUntil(fromEvent(closed.signal, 'abort')),
  )
  const workers = lastValueFrom(workers$, { defaultValue: [] })

  return {
    close: async () => {
      closed.abort()
      await Promise.all((await workers).map(worker => worker.close()))
      await queues.close()
    },
  }
}
