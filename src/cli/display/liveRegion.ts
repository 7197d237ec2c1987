import { terminalSize, type Terminal, type TerminalSize } from './terminal'
import { linesAboveScreen, wrappedHeight } from './text'

/*
 * Not the package log-update: it erases as many rows as the last frame had lines, which are too few after
 * a narrower terminal has wrapped them.
 */

/** Lines at the bottom of a terminal that are redrawn in place. */
export interface LiveRegion {
  /** Prints a line above the region, with the next redraw; it stays. */
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
/** A terminal that knows them shows what is between them in one step, so that nothing flickers. */
const [startUpdate, endUpdate] = ['\u001B[?2026h', '\u001B[?2026l']
const [neverWrap, wrapAgain] = ['\u001B[?7l', '\u001B[?7h']
const eraseLine = '\u001B[2K'
const eraseBelow = '\u001B[J'

/** Moves to the first of the rows above the cursor. */
const up = (rows: number): string => (rows === 0 ? '' : `\u001B[${String(rows)}A\r`)

/**
 * Erases the rows above the cursor, and what is below. The first row is erased by itself: tmux keeps a
 * copy of the screen in its history if `eraseBelow` erases all of it.
 */
const erase = (rows: number): string =>
  rows === 0 ? '' : `${up(rows)}${eraseLine}\n${eraseBelow}${up(1)}`

/**
 * Replaces the lines above the cursor, and writes only those that differ. A terminal may be narrower
 * for a moment before the program knows: then lines that do not fit must not take more rows.
 */
const replace = (drawn: readonly string[], lines: readonly string[]): string => {
  const written = lines.map((line, row) => (line === drawn[row] ? '\n' : `${eraseLine}${line}\n`))
  const rest = lines.length < drawn.length ? eraseBelow : ''
  return `${up(drawn.length)}${neverWrap}${written.join('')}${wrapAgain}${rest}`
}

/** Redraws what `render` returns, ten times a second, at the bottom of a terminal. */
export const createLiveRegion = (
  terminal: Terminal,
  render: (size: TerminalSize) => readonly string[],
): LiveRegion => {
  const write = (text: string): void => {
    terminal.write(`${startUpdate}${text}${endUpdate}`)
  }
  // Also after a crash.
  const restoreCursor = (): void => {
    terminal.write(showCursor)
  }
  let drawn: readonly string[] = []
  // What was drawn directly above, and has left the screen: a larger one shows it again.
  let scrolledOut: readonly string[] = []
  /** The lines to print above the next frame. */
  let above = ''
  // When the program continues, a frame may be due before the signal is handled.
  let isSuspended = false
  const clear = (): void => {
    if (drawn.length > 0 || above !== '') write(`${erase(drawn.length)}${above}`)
    if (above !== '') scrolledOut = []
    drawn = []
    above = ''
  }
  const redraw = (): void => {
    if (isSuspended) return
    const size = terminalSize(terminal)
    const lines = render(size).slice(0, size.rows - 1)
    if (above !== '') clear()
    // Nothing else is on the screen. With the cursor on its last row, a higher screen shows the rows
    // above again, where they can be erased.
    if (drawn.length === 0 && lines.length > 0 && scrolledOut.length > 0) {
      const blank = Array.from({ length: size.rows - 1 - lines.length }, () => '')
      write('\n'.repeat(blank.length))
      scrolledOut = [...scrolledOut, ...blank]
    }
    if (lines.join('\n') !== drawn.join('\n')) write(replace(drawn, lines))
    drawn = lines
  }
  const timer = setInterval(redraw, redrawInterval)
  // A narrower terminal has wrapped what is drawn. While a person drags the edge of the window, there
  // is no next frame that could be wrapped, too.
  const onResize = (): void => {
    const size = terminalSize(terminal)
    const lines = [...scrolledOut, ...drawn]
    write(erase(wrappedHeight(lines, size.columns)))
    scrolledOut = linesAboveScreen(lines, size)
    drawn = []
    timer.refresh()
  }
  // The shell writes below the board: the next frame is drawn below that.
  const startBelow = (): void => {
    scrolledOut = []
    drawn = []
  }
  const onSuspend = (): void => {
    isSuspended = true
    startBelow()
    restoreCursor()
    process.kill(process.pid, 'SIGSTOP')
  }
  const onContinue = (): void => {
    isSuspended = false
    startBelow()
    terminal.write(hideCursor)
  }
  terminal.on('resize', onResize)
  process.once('exit', restoreCursor).on('SIGTSTP', onSuspend).on('SIGCONT', onContinue)
  terminal.write(hideCursor)
  return {
    printAbove: line => {
      above += `${line}\n`
    },
    replaceWith: lines => {
      clearInterval(timer)
      clear()
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
