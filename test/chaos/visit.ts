import { Observable, Subscription } from 'rxjs'
import type { TrackedStatus, WatchEvent } from 'rx-upload-status'
import { grammarOf } from './grammar'

/** When a visitor leaves. */
export type Leaving =
  | { readonly when: 'never' }
  /** After this many milliseconds. */
  | { readonly when: 'in time'; readonly after: number }
  /** During `next`, at this many values. */
  | { readonly when: 'in next'; readonly values: number }
  /** During `on`, at the first event of this kind. */
  | { readonly when: 'in on'; readonly event: WatchEvent['_tag'] }

/** A visitor, who watches uploads. */
export interface Visit {
  readonly who: string
  readonly uploads: readonly string[]
  /**
   * Creates the watched stream. It passes its events, if any, to `on`, and calls `named` for each later
   * upload.
   */
  readonly watch$: (on: (event: WatchEvent) => void, named: () => void) => Observable<TrackedStatus>
  readonly leaving: Leaving
  /** Whether `next` throws. */
  readonly throws: boolean
  /** Whether all events belong to this watch, so that none may follow after it was left. */
  readonly isAlone: boolean
  /** Whether each upload must end with a terminal status. */
  readonly mustSucceed: boolean
  /** Milliseconds after the last upload was added by which it must have ended. */
  readonly longest: number
}

/** The error that visitors throw on purpose. */
export class Planned extends Error {}

/**
 * Makes a visit, and reports what is wrong with it. Emits how it went: the end of each upload, or
 * `left`; then completes.
 */
export const visit$ = (
  { who, uploads, watch$, leaving, throws, isAlone, mustSucceed, longest }: Visit,
  report: (what: string) => void,
): Observable<string> =>
  new Observable(subscriber => {
    const grammar = grammarOf(who, uploads, report)
    let values = 0
    let hasLeft = false
    let namedAt = performance.now()

    const leave = (): void => {
      if (hasLeft) return
      hasLeft = true
      grammar.leave()
      watching.unsubscribe()
      clearTimeout(clock)
      subscriber.next('left')
      subscriber.complete()
    }
    // It may leave before `subscribe` returns.
    const watching = new Subscription()
    const clock = setTimeout(
      () => {
        if (leaving.when !== 'in time')
          report(
            `stuck: ${who}: ${grammar.open().join(' ')} after ${(performance.now() - namedAt).toFixed(0)} ms`,
          )
        leave()
      },
      leaving.when === 'in time' ? leaving.after : longest,
    )
    const named = (): void => {
      namedAt = performance.now()
      if (leaving.when !== 'in time' && !hasLeft) clock.refresh()
    }

    const on = (event: WatchEvent): void => {
      if (hasLeft && isAlone && event._tag === 'AttemptStarted')
        report(`grammar: ${who}: an attempt after it was left`)
      if (leaving.when === 'in on' && leaving.event === event._tag) leave()
    }

    watching.add(
      watch$(on, named).subscribe({
        next: tracked => {
          grammar.next(tracked)
          values += 1
          const { status } = tracked
          const end =
            status._tag === 'Left'
              ? status.left._tag
              : status.right.status === 'completed' || status.right.status === 'failed'
                ? status.right.status
                : null
          if (end !== null) subscriber.next(end)
          if (mustSucceed && status._tag === 'Left')
            report(`calm: ${who}: ${tracked.upload} ended with ${JSON.stringify(status.left)}`)
          if (leaving.when === 'in next' && values >= leaving.values) leave()
          if (throws) throw new Planned()
        },
        error: (defect: unknown) => {
          grammar.error(defect)
          clearTimeout(clock)
          subscriber.complete()
        },
        complete: () => {
          grammar.complete()
          clearTimeout(clock)
          subscriber.complete()
        },
      }),
    )
  })
