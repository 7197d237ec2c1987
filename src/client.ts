import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import {
  asapScheduler,
  defer,
  finalize,
  of,
  ReplaySubject,
  share,
  subscribeOn,
  tap,
  timer,
  type Observable,
} from 'rxjs'
import * as E from './model/either'
import type { Failure } from './model/failure'
import { isTerminal, type TerminalStatus, type UploadStatus } from './model/uploadStatus'
import { settingsOf, type WatchOptions } from './options'
import { requestBudget } from './pipeline/budget'
import { outcomeOf } from './uploadOutcome'
import { uploadStatus$ } from './uploadStatus'

/** Milliseconds that a poll outlives its last subscriber, so that a re-render does not restart it. */
const grace = 250

/** Ends of uploads that are kept, to be given without a request; the oldest go first. */
const mostRemembered = 1_000

/** The options of every watch of a client; see {@link WatchOptions}. */
export interface ClientOptions extends WatchOptions {
  /**
   * Shared by all watches of the client.
   *
   * @default requestBudget({ perMinute: 60 }), what the small plans allow
   */
  readonly budget?: WatchOptions['budget']
}

/** Watches that share key, budget and polls. */
export interface UploadStatusClient {
  /** As the function of the same name, but one poll serves all who subscribe to an upload. */
  readonly uploadStatus$: (
    account: string,
    upload: string,
  ) => Observable<Either<Failure, UploadStatus>>
  /** As the function of the same name, on the shared watch. */
  readonly uploadOutcome: (account: string, upload: string) => TaskEither<Failure, TerminalStatus>
}

/**
 * A client whose watches share the key, a budget of requests, and their polls.
 *
 * - However many subscribe to an upload, it is polled once. Who comes late gets the latest value at
 *   once, and after the end the terminal status without a request.
 * - A watch that ended with a failure starts anew with its next subscriber.
 * - The poll stops 250 ms after the last subscriber left.
 * - Two clients share nothing. The last 1,000 ends are kept.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * const client = createUploadStatusClient({ budget: requestBudget({ perMinute: 600 }) })
 * const all$ = merge(
 *   client.uploadStatus$('acct_1', 'ofapi_media_1'),
 *   client.uploadStatus$('acct_1', 'ofapi_media_2'),
 * )
 */
export const createUploadStatusClient = (options: ClientOptions = {}): UploadStatusClient => {
  const watchOptions = { ...options, budget: options.budget ?? requestBudget({ perMinute: 60 }) }
  settingsOf(watchOptions)
  const running = new Map<string, Observable<Either<Failure, UploadStatus>>>()
  const ended = new Map<string, TerminalStatus>()

  const remember = (name: string, status: TerminalStatus): void => {
    ended.set(name, status)
    const [oldest] = ended.keys()
    if (ended.size > mostRemembered && oldest !== undefined) ended.delete(oldest)
  }

  const start$ = (
    name: string,
    account: string,
    upload: string,
  ): Observable<Either<Failure, UploadStatus>> => {
    const watch$ = uploadStatus$(account, upload, watchOptions).pipe(
      tap(value => {
        if (E.isLeft(value)) running.delete(name)
        else if (isTerminal(value.right)) remember(name, value.right)
      }),
      finalize(() => running.delete(name)),
      share({
        connector: () => new ReplaySubject(1),
        resetOnComplete: false,
        resetOnRefCountZero: () => timer(grace),
      }),
    )
    running.set(name, watch$)
    return watch$
  }

  const shared$: UploadStatusClient['uploadStatus$'] = (account, upload) =>
    defer(() => {
      const name = JSON.stringify([account, upload])
      const status = ended.get(name)
      return status === undefined
        ? (running.get(name) ?? start$(name, account, upload))
        : of(E.right(status))
      // Not in the turn of `subscribe`, like the first value of any watch.
    }).pipe(subscribeOn(asapScheduler))

  return {
    uploadStatus$: shared$,
    uploadOutcome: (account, upload) => outcomeOf(shared$(account, upload)),
  }
}
