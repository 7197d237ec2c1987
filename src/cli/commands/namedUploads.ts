import * as E from 'fp-ts/lib/Either.js'
import {
  concat,
  defer,
  EMPTY,
  filter,
  mergeMap,
  of,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
} from 'rxjs'
import { isOutcome } from '../../api/status'
import {
  refName,
  type ExpectedUpload,
  type TrackedStatus,
  type UploadEntry,
  type UploadRef,
} from '../../api/uploadRef'
import type { Update } from '../display/updates'
import type { Reference } from './readReferences'

/** The uploads that a run has received so far. */
export interface NamedUploads {
  /**
   * Emits each upload once, again only with another priority, and each removal of one that is watched.
   * Reports what starts, what was removed, and the lines that name no upload.
   */
  readonly entries: OperatorFunction<Reference, UploadEntry>
  /** Mirrors the statuses of uploads that were not removed. */
  readonly remaining: MonoTypeOperatorFunction<TrackedStatus>
}

export const namedUploads = (report: (update: Update) => void): NamedUploads => {
  /** The uploads, each with whether it has ended. */
  const named = new Map<string, boolean>()

  const added$ = (upload: ExpectedUpload): Observable<UploadEntry> => {
    const { account, upload: id, priority } = upload
    const name = refName(upload)
    const hasEnded = named.get(name)
    if (hasEnded === undefined) {
      named.set(name, false)
      report({ kind: 'started', ref: { account, upload: id } })
      return of(upload)
    }
    return hasEnded || priority === undefined ? EMPTY : of(upload)
  }

  const removed$ = (ref: UploadRef): Observable<UploadEntry> => {
    if (named.get(refName(ref)) !== false) {
      const message = `${ref.account}/${ref.upload} is not watched: nothing was removed`
      report({ kind: 'warning', message })
      return EMPTY
    }
    named.delete(refName(ref))
    return concat(
      of({ remove: ref }),
      // Runs after the last event of its watch.
      defer(() => {
        report({ kind: 'removed', ref })
        return EMPTY
      }),
    )
  }

  const entries: NamedUploads['entries'] = reference$ =>
    reference$.pipe(
      mergeMap(reference => {
        if (E.isRight(reference)) {
          const entry = reference.right
          return 'remove' in entry ? removed$(entry.remove) : added$(entry)
        }
        report({ kind: 'invalidLine', ...reference.left })
        return EMPTY
      }),
    )

  const remaining: NamedUploads['remaining'] = tracked$ =>
    tracked$.pipe(
      filter(tracked => named.has(refName(tracked))),
      tap(tracked => {
        if (isOutcome(tracked.status)) named.set(refName(tracked), true)
      }),
    )

  return { entries, remaining }
}
