import * as E from 'fp-ts/lib/Either.js'
import { distinct, filter, map, tap, type Observable, type OperatorFunction } from 'rxjs'
import { refName, type UploadRef } from '../../api/uploadRef'
import type { Update } from '../display/updates'
import type { Reference } from './references'

/** Emits each upload once, and reports that it starts. A line that names none is reported. */
export const startedUploads =
  (report: (update: Update) => void): OperatorFunction<Reference, UploadRef> =>
  (reference$: Observable<Reference>) =>
    reference$.pipe(
      distinct(reference => (E.isLeft(reference) ? reference.left.line : refName(reference.right))),
      tap(reference => {
        report(
          E.isLeft(reference)
            ? { kind: 'invalidLine', ...reference.left }
            : { kind: 'started', ref: reference.right },
        )
      }),
      filter(E.isRight),
      map(({ right }) => right),
    )
