import type { Either } from 'fp-ts/Either'
import {
  concat,
  distinct,
  filter,
  finalize,
  map,
  merge,
  Subject,
  take,
  tap,
  type Observable,
} from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { refName, type UploadRef } from '../../model/identifier'
import { settingsOf } from '../../options'
import { requestBudget, type BudgetEvent } from '../../pipeline/budget'
import { uploadStatuses$, type WatchManyOptions } from '../../uploadStatuses'
import type { News, UnreadableLine } from '../news'
import { lateness, shortage } from '../warnings'

/** An upload to watch, or a line that names none. */
export type Reference = Either<UnreadableLine, UploadRef>

/** How uploads are followed. */
export interface FollowOptions extends Omit<WatchManyOptions, 'budget' | 'on'> {
  /** Requests per minute, of all uploads together. */
  readonly perMinute: number
  /** Completes when more news can be borne; until then no request starts. */
  readonly room$: Observable<never>
}

/**
 * Watches every upload once, all on one budget, and tells what happens; completes when all have
 * ended. It can be subscribed to once.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
 */
export const follow$ = (
  references$: Observable<Reference>,
  { perMinute, room$, ...options }: FollowOptions,
): Observable<News> => {
  const told$ = new Subject<News>()
  let uploads = 0
  const { deadline } = settingsOf(options)
  const warnOfShortage = (): void => {
    const message = shortage(uploads, perMinute, deadline)
    if (message !== null) told$.next({ kind: 'warning', message })
  }
  const budgeted$ = new Subject<BudgetEvent>()
  const budget = requestBudget({
    perMinute,
    on: event => {
      budgeted$.next(event)
    },
  })
  const uploads$ = references$.pipe(
    distinct(reference => (E.isLeft(reference) ? reference.left.line : refName(reference.right))),
    tap(reference => {
      told$.next(
        E.isLeft(reference)
          ? { kind: 'unreadable', ...reference.left }
          : { kind: 'begun', ref: reference.right },
      )
    }),
    filter(E.isRight),
    map(({ right }) => right),
    tap({
      next: () => {
        uploads += 1
      },
      complete: warnOfShortage,
    }),
  )
  const statuses$ = uploadStatuses$(uploads$, {
    ...options,
    budget: {
      ...budget,
      admit: (request$, overdue) => budget.admit(concat(room$, request$), overdue),
    },
    on: event => {
      told$.next({ kind: 'happened', event })
    },
  })
  const learned$ = statuses$.pipe(
    map((tracked): News => ({ kind: 'learned', ...tracked })),
    finalize(() => {
      told$.complete()
      budgeted$.complete()
    }),
  )
  // The first one: a budget that is not saturated has nothing to be relieved of.
  const late$ = budgeted$.pipe(
    take(1),
    map(({ rate }): News => ({ kind: 'warning', message: lateness(rate) })),
  )
  return merge(told$, late$, learned$)
}
