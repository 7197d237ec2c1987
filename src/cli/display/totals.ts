import * as E from 'fp-ts/lib/Either.js'
import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { refName } from '../../api/uploadRef'
import type { Summary } from '../../operators/summarize'
import type { Update } from './updates'

/** The counts of a run. Every display and the JSON summary use these words. */
export interface Totals extends Summary {
  /** Uploads without a status so far. */
  readonly waiting: number
  /** Uploads that were removed before their end. They are not in the total. */
  readonly removed: number
}

/** The count that an upload belongs to. */
type Place = Exclude<keyof Totals, 'total' | 'settled' | 'fraction'>

/** The totals before the first upload. */
export const noTotals: Totals = {
  total: 0,
  waiting: 0,
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  unknown: 0,
  settled: 0,
  fraction: 0,
  removed: 0,
}

/** The upload that an update moves, and its new count; null if none. An invalid line counts as an upload. */
const moveOf = (update: Update): readonly [name: string, to: Place] | null => {
  switch (update.kind) {
    case 'started':
      return [refName(update.ref), 'waiting']
    case 'removed':
      return [refName(update.ref), 'removed']
    case 'status':
      return [refName(update), E.isLeft(update.status) ? 'unknown' : update.status.right.status]
    case 'invalidLine':
      return [String(update.line), 'unknown']
    case 'event':
    case 'warning':
    case 'unwritten':
      return null
  }
}

/** Counts each upload by its latest status. */
const counting = (): ((update: Update) => Totals | null) => {
  const places = new Map<string, Place>()
  let totals = noTotals
  return update => {
    const move = moveOf(update)
    if (move === null) return null
    const [name, to] = move
    const from = places.get(name)
    if (to === 'removed') places.delete(name)
    else places.set(name, to)
    const counts = { ...totals }
    if (from !== undefined) counts[from] -= 1
    counts[to] += 1
    const settled = counts.completed + counts.failed + counts.unknown
    const total = places.size
    totals = { ...counts, total, settled, fraction: total === 0 ? 0 : settled / total }
    return totals
  }
}

/**
 * Mirrors the source. Calls `onTotals` with the new totals before each update that changes them.
 */
export const tapTotals =
  (onTotals: (totals: Totals) => void): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      const totalsAfter = counting()
      return update$.pipe(
        tap(update => {
          const totals = totalsAfter(update)
          if (totals !== null) onTotals(totals)
        }),
      )
    })
