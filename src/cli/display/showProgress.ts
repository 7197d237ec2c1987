import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../../runtime/clock'
import { boardLines, finalLines } from './board'
import type { BoardState } from './header'
import { attemptLine } from './attempts'
import { removedLine, showLines, showWarnings, type LineDetail } from './lines'
import { createLiveRegion } from './liveRegion'
import type { Progress } from './progress'
import { canRedraw, selectPaint, terminalSize, type Paint, type Terminal } from './terminal'
import { noTotals, tapTotals } from './totals'
import { tapEnd, type Update } from './updates'

/** The options of the progress display. */
export interface ProgressDetail extends LineDetail {
  /** Whether to show lines even on a terminal that can redraw. */
  readonly plain: boolean
  /** Requests per minute, for all uploads together; Infinity if others poll, at their own rate. */
  readonly perMinute: number
}

/** Shows progress to people: as a live board, or as lines on a terminal that cannot redraw. */
export const showProgress = (
  { stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>,
  progress: Progress,
  detail: ProgressDetail,
): MonoTypeOperatorFunction<Update> =>
  canRedraw(stdout, env) && !detail.plain && !detail.summaryOnly
    ? showBoard(stdout, selectPaint(env, true), progress, detail)
    : update$ =>
        update$.pipe(
          // Lines are read in logs, too, so they have colours only where FORCE_COLOR asks for them.
          showLines(stdout, progress, detail, selectPaint(env, false)),
          showWarnings(stderr),
        )

/**
 * Shows progress as a live board. At the end, or when the run is interrupted, the final lines stay
 * and the cursor is shown again.
 */
const showBoard =
  (
    terminal: Terminal,
    paint: Paint,
    progress: Progress,
    { verbose, perMinute }: ProgressDetail,
  ): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      let totals = noTotals
      const state = (): BoardState => ({
        rows: progress.rows(),
        totals,
        perMinute,
        now: monotonic(),
      })
      const region = createLiveRegion(terminal, size => boardLines(state(), size, paint))
      return update$.pipe(
        tapTotals(latest => {
          totals = latest
        }),
        tap(update => {
          const row = progress.apply(update)
          if (update.kind === 'removed') region.printAbove(removedLine(update.ref))
          const attempt = verbose && row !== null ? attemptLine(update, row.name) : null
          if (attempt !== null) region.printAbove(attempt)
          if (update.kind === 'warning' || update.kind === 'unwritten')
            region.printAbove(update.message)
        }),
        tapEnd(() => {
          region.replaceWith(finalLines(state(), terminalSize(terminal), paint))
        }),
        finalize(region.close),
      )
    })
