import { createLogUpdate } from 'log-update'
import { Writable } from 'node:stream'
import { terminalSize, type Terminal, type TerminalSize } from './terminal'
import { linesAboveScreen, wrappedHeight } from './text'

/** Lines at the bottom of a terminal that are redrawn in place. */
export interface LiveRegion {
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

/** Redraws what `render` returns, ten times a second, at the bottom of a terminal. */
export const createLiveRegion = (
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
  // What was drawn directly above, and has left the screen: a larger one shows it again.
  let scrolledOut: readonly string[] = []
  const timer = setInterval(() => {
    drawn = render(terminalSize(terminal))
    draw(drawn.join('\n'))
  }, redrawInterval)
  // The next frame is a new one, below what the terminal shows now.
  const startBelow = (left: readonly string[]): void => {
    scrolledOut = left
    drawn = []
    draw.done()
  }
  // A narrower terminal wraps what is drawn. log-update would erase too few lines.
  const onResize = (): void => {
    const size = terminalSize(terminal)
    const lines = [...scrolledOut, ...drawn]
    const height = wrappedHeight(lines, size.columns)
    if (height > 0) terminal.write(`\u001B[${String(height)}A\r\u001B[J`)
    startBelow(linesAboveScreen(lines, size))
  }
  const onSuspend = (): void => {
    restoreCursor()
    process.kill(process.pid, 'SIGSTOP')
  }
  // The shell has written below the board: the next one is drawn below that.
  const onContinue = (): void => {
    startBelow([])
    terminal.write(hideCursor)
  }
  terminal.on('resize', onResize)
  process.once('exit', restoreCursor).on('SIGTSTP', onSuspend).on('SIGCONT', onContinue)
  terminal.write(hideCursor)
  return {
    printAbove: line => {
      draw.clear()
      scrolledOut = []
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
