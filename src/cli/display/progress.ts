import * as E from 'fp-ts/lib/Either.js'
import { refName, type UploadRef } from '../../model/identifier'
import type { Clock } from '../../pipeline/clock'
import type { News } from '../news'
import { afterEvent, afterValue, newRow, type Row } from './row'

/** The rows of a display. */
export interface Progress {
  /** Takes in a piece of news, and gives the row that it is about; null where it is about none. */
  readonly learn: (news: News) => Row | null
  /** All rows, in the order in which they came. */
  readonly rows: () => readonly Row[]
}

/** Keeps a row for every upload; `nameOf` gives the name that it is shown by. */
export const createProgress = (nameOf: (ref: UploadRef) => string, clock: Clock): Progress => {
  const rows = new Map<string, Row>()
  const change = (ref: UploadRef, by: (row: Row, now: number) => Row): Row => {
    const now = clock()
    const row = by(rows.get(refName(ref)) ?? newRow(nameOf(ref), now), now)
    rows.set(refName(ref), row)
    return row
  }
  return {
    rows: () => [...rows.values()],
    learn: news => {
      switch (news.kind) {
        case 'begun':
          return change(news.ref, row => row)
        case 'happened':
          return change(news.event, (row, now) => afterEvent(row, news.event, now))
        case 'learned':
          return change(news, (row, now) => afterValue(row, news.status, now))
        case 'unreadable': {
          const name = `line ${String(news.line)}`
          const row = afterValue(newRow(name, clock()), E.left(news.failure), clock())
          rows.set(name, row)
          return row
        }
        case 'warning':
          return null
      }
    },
  }
}
