import * as E from 'fp-ts/lib/Either.js'
import { refName, type UploadRef } from '../../api/uploadRef'
import type { Clock } from '../../runtime/clock'
import { newRow, rowAfterEvent, rowAfterStatus, type Row } from './row'
import type { Update } from './updates'

/** The rows of a display. */
export interface Progress {
  /** Applies an update. Returns the row that changed, or null. */
  readonly apply: (update: Update) => Row | null
  /** All rows, in the order in which they were added. */
  readonly rows: () => readonly Row[]
}

/** Keeps one row per upload. `nameOf` returns the name that the display shows. */
export const createProgress = (nameOf: (ref: UploadRef) => string, clock: Clock): Progress => {
  const rows = new Map<string, Row>()
  const change = (ref: UploadRef, next: (row: Row, now: number) => Row): Row => {
    const now = clock()
    const row = next(rows.get(refName(ref)) ?? newRow(nameOf(ref), now), now)
    rows.set(refName(ref), row)
    return row
  }
  return {
    rows: () => [...rows.values()],
    apply: update => {
      switch (update.kind) {
        case 'started':
          return change(update.ref, row => row)
        case 'event':
          return change(update.event, (row, now) => rowAfterEvent(row, update.event, now))
        case 'status':
          return change(update, (row, now) => rowAfterStatus(row, update.status, now))
        case 'invalidLine': {
          const name = `line ${String(update.line)}`
          const row = rowAfterStatus(newRow(name, clock()), E.left(update.failure), clock())
          rows.set(name, row)
          return row
        }
        case 'removed':
          rows.delete(refName(update.ref))
          return null
        case 'warning':
        case 'unwritten':
          return null
      }
    },
  }
}
