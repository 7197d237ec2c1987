import { createLogUpdate } from 'log-update'
import { Writable } from 'node:stream'
import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../../runtime/clock'
import { boardLines, finalLines } from './board'
import type { BoardState } from './header'
import { attemptLine } from './attempts'
import { removedLine, showLines, showWarnings, type LineDetail } from './lines'
import type { Progress } from './progress'
import {
  canRedraw,
  selectPaint,
  terminalSize,
  type Paint,
  type Terminal,
  type TerminalSize,
} from './terminal'
import { wrappedHeight } from './text'
import { noTotals, tapTotals } from './totals'
import { tapEnd, type Update } from './updates'

/** The options of the progress display. */
export interface ProgressDetail extends LineDetail {
  /** Whether to show lines even on a terminal that can redraw. */
  readonly plain: boolean
  /** Requests per minute, for all uploads together. */
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
    : update$ => update$.pipe(showLines(stdout, progress, detail), showWarnings(stderr))

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

/** Lines at the bottom of a terminal that are redrawn in place. */
interface LiveRegion {
  /** Prints a line above the region; it stays. */
  readonly printAbove: (line: string) => void
  /** Stops redrawing and prints other lines in its place; they stay, and may exceed the screen. */
  readonly replaceWith: (lines: readonly string[]) => void
  /** Stops redrawing and shows the cursor again. */
  readonly close: () => void
}

/** The time between two redraws, in ms. */
const redrawInterval = 100

const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

const createLiveRegion = (
  terminal: Terminal,
  render: (size: TerminalSize) => readonly string[],
): LiveRegion => {
  // log-update restores the cursor in signal handlers that would end the process before we can
  // choose its exit code. So we hide and show the cursor ourselves, even after a crash.
  const draw = createLogUpdate(withKnownSize(terminal), { showCursor: true })
  const restoreCursor = (): void => {
    terminal.write(showCursor)
  }
  let drawn: readonly string[] = []
  const timer = setInterval(() => {
    drawn = render(terminalSize(terminal))
    draw(drawn.join('\n'))
  }, redrawInterval)
  // A narrower terminal wraps what is drawn. log-update would erase too few lines.
  const onResize = (): void => {
    const height = wrappedHeight(drawn, terminalSize(terminal).columns)
    if (height > 0) terminal.write(`\u001B[${String(height)}A\r\u001B[J`)
    drawn = []
    draw.done()
  }
  const onSuspend = (): void => {
    restoreCursor()
    process.kill(process.pid, 'SIGSTOP')
  }
  // The shell has written below the board: the next one is drawn below that.
  const onContinue = (): void => {
    drawn = []
    draw.done()
    terminal.write(hideCursor)
  }
  terminal.on('resize', onResize)
  process.once('exit', restoreCursor).on('SIGTSTP', onSuspend).on('SIGCONT', onContinue)
  terminal.write(hideCursor)
  return {
    printAbove: line => {
      draw.clear()
      terminal.write(`${line}\n`)
    },
    replaceWith: lines => {
      clearInterval(timer)
      draw.clear()
      terminal.write(`${lines.join('\n')}\n`)
    },
    close: () => {
      clearInterval(timer)
      terminal.off('resize', onResize)
      process.off('exit', restoreCursor).off('SIGTSTP', onSuspend).off('SIGCONT', onContinue)
      restoreCursor()
    },
  }
}

/** log-update cannot draw on a terminal of size 0, which some terminals report. */
const withKnownSize = (terminal: Terminal): Writable =>
  Object.defineProperties(
    new Writable({
      write: (text, _encoding, done) => {
        terminal.write(String(text))
        done()
      },
    }),
    {
      isTTY: { value: true },
      columns: { get: () => terminalSize(terminal).columns },
      rows: { get: () => terminalSize(terminal).rows },
    },
  )
