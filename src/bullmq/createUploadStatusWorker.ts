import { Worker, type Job, type WorkerOptions } from 'bullmq'
import type { Task } from 'fp-ts/Task'
import { defer, fromEvent, lastValueFrom, map, retry, takeUntil, timer } from 'rxjs'
import { notify as notifyObserver } from '../runtime/notify'
import { endsJob } from './endsJob'
import { closeQuietly } from './closeQuietly'
import { maxBackoff } from './endWatch'
import { decodeEnd, settledId } from './jobs'
import { pollJob } from './pollJob'
import { openQueues, patient, queueNames } from './queues'
import { teamBudget } from './teamBudget'
import { waitAfterReply } from './waitAfterReply'
import { workerSettingsOf, type UploadStatusWorkerOptions } from './workerOptions'

/** A running worker. */
export interface UploadStatusWorker {
  /** Takes no more jobs, waits for the requests in flight, and closes the connections. */
  readonly close: Task<void>
}

/** Milliseconds between two checks for polls whose worker died. */
const stalledInterval = 5_000

/**
 * How rarely the queues of ends are checked, so that idle workers cost little: for jobs whose worker died
 * in ms, and for new jobs in seconds. A new job wakes a worker immediately.
 */
const rarely = { stalledInterval: 30_000, drainDelay: 30 }

/** Milliseconds by which the lock of a job outlasts the timeout of its request. */
const lockMargin = 5_000

/** Milliseconds until the next try while Redis is unavailable, or answers with errors. */
const retryAfter = 1_000

/** A job whose worker died is restarted any number of times. */
const unlimited = 2 ** 31 - 1

const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown))

/**
 * Creates a worker of the queue. It polls the added uploads at the rate of the team and reports their
 * ends. Start any number of workers on any number of machines: they share one budget.
 *
 * - One job starts every `60000 / (perMinute * (1 - headroom))` ms, across all workers.
 * - All workers adopt a stricter limit from an answer, for 5 minutes. A `429` pauses all of them; then a
 *   single request probes the server, and after its answer the others follow evenly.
 * - If a worker dies, another one continues its uploads after at most `attemptTimeout` + 15 s.
 * - `onSettled` is called at least once for each end, always with the same `id`.
 * - Decisions, values and events are the same as in `uploadStatus$`.
 *
 * @throws TypeError or RangeError that names the invalid option
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
    notifyObserver(settings.onError, errorOf(thrown))
  }
  const closed = new AbortController()
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
      maxStalledCount: unlimited,
      runRetryDelay: retryAfter,
      ...more,
    })
    worker.on('error', error => {
      waitAfterReply(worker, error, retryAfter)
      report(error)
    })
    worker.on('failed', (_, error) => {
      report(error)
    })
    return worker
  }

  const notify = async ({ data }: Job): Promise<void> => {
    const end = decodeEnd(data)
    // Fails a job of another version, so that a worker that can read it retries it.
    if (end === null) throw new Error('another version wrote this job: update all workers')
    await onSettled?.({ id: settledId(end), ...end.ref, status: end.value })
  }

  const startAll = (): readonly Worker[] => [
    start(names.watches, pollJob(queues, team, watch, now, report), {
      stalledInterval,
      // A wait for the limiter that begins while the worker is closed is not aborted by BullMQ.
      maximumRateLimitDelay: 5_000,
      removeOnComplete: { count: 0 },
      lockDuration: watch.attemptTimeout + lockMargin,
    }),
    start(names.ends, endsJob(queues, watch.deadline, now), rarely),
    ...(onSettled === undefined
      ? []
      : [
          start(names.settled, notify, {
            ...rarely,
            settings: {
              backoffStrategy: attempts => Math.min(maxBackoff, 1_000 * 2 ** (attempts - 1)),
            },
          }),
        ]),
  ]

  /** Starts jobs only after the limits are set. Retries that while Redis is unavailable. */
  const workers$ = defer(() => team.open()).pipe(
    retry({
      delay: error => {
        report(error)
        return timer(retryAfter)
      },
    }),
    map(startAll),
    takeUntil(fromEvent(closed.signal, 'abort')),
  )
  const workers = lastValueFrom(workers$, { defaultValue: [] })

  return {
    close: async () => {
      closed.abort()
      const started = await workers
      await Promise.all(started.map(worker => closeQuietly(worker, place.connection)))
      await queues.close()
    },
  }
}
