import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import stringWidth from 'string-width'
import type { UploadRef } from '../../api/uploadRef'
import { name as programName } from '../../../package.json'
import { monotonic } from '../../runtime/clock'
import { attemptLine } from './attempts'
import { formatCount, formatDuration } from './format'
import type { Detail } from './jsonLines'
import type { Progress } from './progress'
import { phases } from './row'
import { rowLine } from './rowLine'
import type { Paint } from './terminal'
import { noTotals, tapTotals, type Totals } from './totals'
import { tapEnd, type Update } from './updates'

type Output = Pick<NodeJS.WritableStream, 'write'>

/** The level of detail of the lines. */
export type LineDetail = Pick<Detail, 'summaryOnly' | 'verbose'>

/**
 * Writes each new status as a line of text, for terminals that cannot redraw, and at the end, or when
 * the run is interrupted, the totals.
 */
export const showLines =
  (
    output: Output,
    progress: Progress,
    { summaryOnly, verbose }: LineDetail,
    paint: Paint,
  ): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      let longestName = 0
      let totals = noTotals
      const start = monotonic()
      return update$.pipe(
        tapTotals(latest => {
          totals = latest
        }),
        tap(update => {
          const row = progress.apply(update)
          if (update.kind === 'removed' && !summaryOnly)
            output.write(`${removedLine(update.ref)}\n`)
          if (row === null || summaryOnly) return
          const attempt = verbose ? attemptLine(update, row.name) : null
          if (attempt !== null) output.write(`${attempt}\n`)
          longestName = Math.max(longestName, stringWidth(row.name))
          if (update.kind !== 'status' && update.kind !== 'invalidLine') return
          // Whole names: a person searches a log for them.
          const layout = { columns: Infinity, nameWidth: longestName, paint }
          output.write(`${rowLine(row, monotonic(), layout)}\n`)
        }),
        tapEnd(() => {
          output.write(`${totalsText(totals)}, ${formatDuration(monotonic() - start)}\n`)
        }),
      )
    })

/**
 * The totals as text, without the counts that are 0.
 *
 * ```
 * 3 of 7 settled: 4 processing, 2 completed, 1 failed, 1 removed
 * ```
 */
const totalsText = (totals: Totals): string => {
  const counts = phases.flatMap(phase =>
    totals[phase] === 0 ? [] : [`${formatCount(totals[phase])} ${phase}`],
  )
  const settled = `${formatCount(totals.settled)} of ${formatCount(totals.total)} settled`
  const removed = totals.removed === 0 ? [] : [`${formatCount(totals.removed)} removed`]
  const parts = [...counts, ...removed]
  return parts.length === 0 ? settled : `${settled}: ${parts.join(', ')}`
}

/** The line for an upload that is no longer watched. */
export const removedLine = ({ account, upload }: UploadRef): string =>
  `removed ${account}/${upload}`

/** Writes each warning as a line of text. */
export const showWarnings = (output: Output): MonoTypeOperatorFunction<Update> =>
  tap(update => {
    if (update.kind === 'warning' || update.kind === 'unwritten')
      output.write(`${programName}: ${update.message}\n`)
  })
