import { Observable, Subscription } from 'rxjs'
import type { Answer } from '../api/answer'
import type { UploadStatus } from '../api/status'
import type { Failure } from '../failure/failure'
import { steadyClock } from '../runtime/steadyClock'
import { after } from '../runtime/wait'
import { budgetSettingsOf, type BudgetOptions } from './budgetOptions'
import { arrivals } from './arrivals'
import { forecast } from './forecast'
import type { PolledUpload } from './polledUpload'
import { QueuedRequest, type Queued } from './queuedRequest'
import { requestQueue } from './requestQueue'
import { createRoom } from './room'
import { saturation, type BudgetLoad } from './saturation'

/** Limits the requests of all watches that share it, per minute and in flight. */
export interface RequestBudget {
  /**
   * Subscribes to the request as soon as the limits allow. Unsubscribing removes it from the queue, or
   * ends it.
   *
   * @param overdue milliseconds since the request was due, possibly negative; 0 by default
   * @param upload the requested upload. The request with the highest priority is admitted first, and
   * among those the one with the most worth. The worth of one without an upload is its overdue time
   */
  readonly admit: <A>(
    request$: Observable<A>,
    overdue?: number,
    upload?: PolledUpload,
  ) => Observable<A>
  /** Call with every answer. Adopts the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
  /**
   * Call with the failure of every request that got no answer, and a unique name of its upload. With it
   * a budget can stop all requests while the host is unreachable.
   */
  readonly unanswered?: ((failure: Failure, upload: string) => void) | undefined
  /** Call with the status that answers each poll. Estimates how long uploads take. */
  readonly polled?: ((upload: PolledUpload, status: UploadStatus) => void) | undefined
  /**
   * Milliseconds after an answer from which an upload may be polled again, even if its `schedule` says
   * later.
   */
  readonly earliest?: number | undefined
  /** Returns the current load. */
  readonly load: () => BudgetLoad
}

const minute = 60_000

/**
 * Creates a budget of requests, which all of its watches share: at most `perMinute` requests in any
 * minute, also by the server's count, and at most `inFlight` at a time. Retries count.
 *
 * - Queued requests with the highest `priority` are admitted first, and among those the poll with the
 *   most worth: where an end is likely, and has been likely for long. The budget estimates how long
 *   uploads take from its polls. No request starves: while n requests wait, at most 7 n others are
 *   admitted before any of them, whatever its priority.
 * - A request counts from its start until a minute after its end, because the server may count it at
 *   any moment in between.
 * - Queued requests start evenly. No burst is saved up while requests wait, or while the minute is
 *   spent.
 * - A stricter limit in an answer is adopted, minus `headroom`, until 5 minutes after the last answer
 *   that repeats it.
 * - A `429` pauses all watches of the budget for the requested time, and so does an unreachable host.
 *   Then one request at a time probes the server, and after an answer the others follow evenly. A
 *   request that waits meanwhile spends no retry.
 *
 * @throws TypeError or RangeError that names the option
 *
 * @example
 * const budget = requestBudget({ perMinute: 60 })
 * const both$ = merge(
 *   uploadStatus$('acct_1', 'ofapi_media_1', { budget }),
 *   uploadStatus$('acct_1', 'ofapi_media_2', { budget }),
 * )
 */
export const requestBudget = (options: BudgetOptions): RequestBudget => {
  const settings = budgetSettingsOf(options)
  const { inFlight, earliest, on } = settings
  const durations = forecast()
  const arrived = arrivals()
  const queue = requestQueue<Queued>(durations.worth)
  /** A broken clock ends all queued requests. */
  const clock = steadyClock(settings.clock, defect => {
    for (let next = queue.some(); next !== undefined; next = queue.some()) {
      queue.remove(next)
      next.fail(defect)
    }
  })
  const room = createRoom(settings, clock())
  let timer = Subscription.EMPTY
  let timerWait = Infinity

  const load = (): Required<BudgetLoad> => {
    const now = clock()
    const size = queue.size()
    const rate = room.perMinute(now)
    const pausedFor = room.pausedFor(now)
    const wait = size === 0 ? 0 : Math.ceil(pausedFor + (size * minute) / rate)
    return {
      queue: size,
      wait,
      rate,
      lateness: Math.round(Math.max(durations.lateness(), wait / 2)),
      growth: Math.max(0, Math.round(arrived.perMinute(now) - rate)),
      running: room.running(),
      pausedFor,
    }
  }

  const report = saturation(load, on)

  const wait = (ms: number): void => {
    timer.unsubscribe()
    timerWait = ms
    timer = after(ms, admitNext)
  }

  // A request that ends synchronously calls this again. The running loop continues instead.
  let isAdmitting = false
  const admitNext = (): void => {
    if (isAdmitting) return
    isAdmitting = true
    wait(Infinity)
    while (queue.size() > 0) {
      const now = clock()
      const ms = room.wait(now, queue.size())
      if (ms > 0) {
        wait(ms)
        break
      }
      const next = queue.take(now)
      if (next === undefined) break
      room.started(next)
      next.start()
    }
    isAdmitting = false
    report(queue.size())
  }

  const leaveQueue = (request: Queued): void => {
    // With a broken clock the request has already left the queue.
    if (request.index < 0) return
    room.advance(clock(), queue.size())
    queue.remove(request)
    if (queue.size() > 0) return
    wait(Infinity)
    report(queue.size())
  }

  const release = (request: Queued): void => {
    if (request.state === 'queued') {
      leaveQueue(request)
      return
    }
    room.ended(request, clock())
    // Deferred, because requests that leave together would make room for each other, and because
    // requests that start together take less CPU time than those that start one by one.
    if (request.state === 'ended' && room.running() <= inFlight / 2) admitNext()
    else if (queue.size() > 0 && timerWait > 0 && !isAdmitting) wait(0)
  }

  return {
    admit: (request$, overdue = 0, upload) =>
      new Observable(subscriber => {
        if (subscriber.closed) return
        const now = clock()
        room.advance(now, queue.size())
        if (upload?.attempt === 1) arrived.add(now)
        queue.add(new QueuedRequest(subscriber, request$, now, overdue, upload, release))
        admitNext()
      }),
    learn: answer => {
      room.learn(answer, clock(), queue.size())
    },
    unanswered: (failure, upload) => {
      room.unanswered(failure, upload, clock())
    },
    polled: durations.polled,
    earliest,
    load,
  }
}
