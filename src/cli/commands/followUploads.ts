import {
  concat,
  finalize,
  identity,
  map,
  merge,
  Subject,
  take,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import { requestBudget } from '../../budget/requestBudget'
import type { BudgetEvent } from '../../budget/saturation'
import { settingsOf } from '../../options'
import { createUploadStatusClient, type ClientOptions } from '../../client'
import type { ClientSnapshot } from '../../clientSnapshot'
import { formatDuration } from '../display/format'
import { firstPassDuration } from '../display/header'
import type { Update } from '../display/updates'
import type { Reference } from './readReferences'
import { namedUploads } from './namedUploads'

/** The options of {@link followUploads$}. */
export interface FollowUploadsOptions extends Omit<ClientOptions, 'budget' | 'on'> {
  /** Requests per minute for all uploads together. */
  readonly perMinute: number
  /** Completes when the output accepts more. Each request waits for it. */
  readonly drained$: Observable<never>
  /** Mirrors the updates and saves the watches. */
  readonly keep?: (snapshot: () => ClientSnapshot) => MonoTypeOperatorFunction<Update>
}

/**
 * Watches each upload once, with one budget for all of them, and emits everything that a display
 * shows. Completes when all watches have ended. It can be subscribed to once.
 *
 * @throws TypeError or RangeError that names an invalid option
 */
export const followUploads$ = (
  reference$: Observable<Reference>,
  { perMinute, drained$, keep = () => identity, ...options }: FollowUploadsOptions,
): Observable<Update> => {
  const { deadline } = settingsOf(options, ['resume'])
  const update$ = new Subject<Update>()
  const saturated$ = new Subject<BudgetEvent>()
  const budget = requestBudget({
    perMinute,
    on: event => {
      saturated$.next(event)
    },
  })
  let uploads = 0
  const { entries, remaining } = namedUploads(update => {
    if (update.kind === 'started') uploads += 1
    update$.next(update)
  })
  const upload$ = reference$.pipe(
    entries,
    tap({
      complete: () => {
        const message = deadlineWarning(uploads, perMinute, deadline)
        if (message !== null) update$.next({ kind: 'warning', message })
      },
    }),
  )
  const client = createUploadStatusClient({
    ...options,
    budget: {
      ...budget,
      admit: (request$, overdue, upload) =>
        budget.admit(concat(drained$, request$), overdue, upload),
    },
    on: event => {
      update$.next({ kind: 'event', event })
    },
  })
  const status$ = client.uploadStatuses$(upload$).pipe(
    remaining,
    map((tracked): Update => ({ kind: 'status', ...tracked })),
    finalize(() => {
      update$.complete()
      saturated$.complete()
      void client.close()
    }),
  )
  // The first event of a budget always says that it is saturated.
  const lateWarning$ = saturated$.pipe(
    take(1),
    map(({ rate }): Update => ({ kind: 'warning', message: lateWarning(rate) })),
  )
  return merge(update$, lateWarning$, status$).pipe(keep(client.snapshot))
}

const lateWarning = (perMinute: number): string =>
  `polls are late: more of them are due than ${String(perMinute)} requests per minute allow`

/** Warns if the deadline passes before each upload has been polled once; otherwise null. */
export const deadlineWarning = (
  uploads: number,
  perMinute: number,
  deadline: number,
): string | null => {
  const duration = firstPassDuration(uploads, perMinute)
  return duration <= deadline
    ? null
    : `the first poll of ${String(uploads)} uploads takes about ${formatDuration(duration)} at ` +
        `${String(perMinute)} requests per minute, but --deadline is ${formatDuration(deadline)}: ` +
        'give a higher --rate, if your plan allows it, or a longer --deadline'
}
