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

/** Admits requests: shared by every watch that is given it. */
export interface RequestBudget {
  /**
   * Makes the request when there is room for it. Unsubscribing removes it from the queue, or ends
   * it.
   *
   * @param overdue milliseconds since the request was due; it may be negative. Default: 0
   * @param upload the upload that it is for. The request of the highest priority is admitted first,
   * and of these the one that is worth most; one without an upload is worth the time that it is overdue
   */
  readonly admit: <A>(
    request$: Observable<A>,
    overdue?: number,
    upload?: PolledUpload,
  ) => Observable<A>
  /** Receives every answer: learns the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
  /**
   * Receives the failure of every request that got no answer, and the upload that it was for. A
   * budget that has it can stop all requests while the host cannot be reached.
   */
  readonly unanswered?: ((failure: Failure, upload: string) => void) | undefined
  /** Receives the status that each poll was answered with: learns how long uploads take. */
  readonly polled?: ((upload: PolledUpload, status: UploadStatus) => void) | undefined
  /**
   * Milliseconds after an answer from which an upload may be polled again, if that is before its
   * `schedule` says so.
   */
  readonly earliest?: number | undefined
  /** How busy it is now. */
  readonly load: () => BudgetLoad
}

const minute = 60_000

/**
 * A budget of requests, shared by every watch that is given it: in any minute, as the server counts
 * them too, no more than `perMinute` of them, and never more than `inFlight` at a time. Retries
 * count.
 *
 * - While requests wait, those of the highest `priority` are admitted first, and of these the poll
 *   that is worth most: where an end is likely, and has been for long. The budget learns how long
 *   uploads take from the polls that it admits. None starves, whatever its priority: while n requests
 *   wait, at most 7 n others are admitted before any of them.
 * - A request counts from its start until a minute after its end, because the server may count it at
 *   any moment between.
 * - Once requests queue, they start evenly: no burst is saved up while any waits, or while the
 *   minute is spent.
 * - A stricter limit in an answer is adopted, less `headroom`, for 5 minutes after the last answer
 *   that repeats it.
 * - A `429` stops all who share the budget for as long as it asks. If the host cannot be reached,
 *   that stops them too. Then one request at a time probes, and after an answer the others follow
 *   evenly. A request that waits meanwhile spends no retry.
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
  /** A clock that is broken ends all that wait by it. */
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

  // A request that ends at once makes room in the midst of this: the loop goes on, no deeper.
  let isAdmitting = false
  const admitNext = (): void => {
    if (isAdmitting) return
    isAdmitting = true
    wait(Infinity)
    while (queue.size() > 0) {
      const ms = room.wait(clock(), queue.size())
      if (ms > 0) {
        wait(ms)
        break
      }
      const next = queue.take(clock())
      if (next === undefined) break
      room.started(next)
      next.start()
    }
    isAdmitting = false
    report(queue.size())
  }

  const leaveQueue = (request: Queued): void => {
    // The clock is broken: it left the queue before.
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
    // Those who leave together would make room for one another; and requests that are made
    // together take less CPU than those that are made one by one.
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
