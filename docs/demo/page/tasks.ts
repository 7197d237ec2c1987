import {
  catchError,
  EMPTY,
  mergeMap,
  ReplaySubject,
  Subject,
  takeUntil,
  type Observable,
} from 'rxjs'

/** What runs for the rows of the board: at most one task for each. */
export interface Tasks {
  /** Starts a task when there is room for it, in place of the one before. */
  readonly begin: (kind: TaskKind, key: string, task$: Observable<unknown>) => void
  /** Ends the task of a row, also while it waits for room. */
  readonly end: (key: string) => void
}

export type TaskKind = 'send' | 'watch'

/** A defect ends its own task alone. */
const isolated$ = (task$: Observable<unknown>): Observable<unknown> =>
  task$.pipe(
    catchError((defect: unknown) => {
      reportError(defect)
      return EMPTY
    }),
  )

const queueOf$ = (most: number): Subject<Observable<unknown>> => {
  const tasks$ = new Subject<Observable<unknown>>()
  tasks$.pipe(mergeMap(isolated$, most)).subscribe({ error: reportError })
  return tasks$
}

/**
 * No tasks yet.
 *
 * @param most of each kind that run at the same time
 */
export const createTasks = (most: Readonly<Record<TaskKind, number>>): Tasks => {
  const queues: Readonly<Record<TaskKind, Subject<Observable<unknown>>>> = {
    send: queueOf$(most.send),
    watch: queueOf$(most.watch),
  }
  const stops = new Map<string, Subject<null>>()
  const end = (key: string): void => {
    stops.get(key)?.next(null)
    stops.delete(key)
  }
  return {
    end,
    begin: (kind, key, task$) => {
      end(key)
      const stop$ = new ReplaySubject<null>(1)
      stops.set(key, stop$)
      queues[kind].next(task$.pipe(takeUntil(stop$)))
    },
  }
}
