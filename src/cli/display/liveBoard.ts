import { Writable } from 'node:stream'
import { createLogUpdate } from 'log-update'
import { sizeOf, type Screen, type Size } from '../screen'

/** Lines at the end of a terminal that are drawn anew all the time. */
export interface LiveDisplay {
  /** Says something above the lines, for good. */
  readonly say: (text: string) => void
  /** Puts other lines in their place, for good: these may be longer, and more, than fit. */
  readonly leave: (lines: readonly string[]) => void
  /** Draws no more, and gives the cursor back. */
  readonly close: () => void
}

/** Milliseconds from one drawing to the next. */
const pace = 100

const hiddenCursor = '\u001B[?25l'
const shownCursor = '\u001B[?25h'

/** Draws lines, ten times a second, until it is closed; the cursor is hidden meanwhile. */
export const liveDisplay = (
  screen: Screen,
  linesFor: (size: Size) => readonly string[],
): LiveDisplay => {
  const update = createLogUpdate(sized(screen), { showCursor: true })
  const giveBack = (): void => {
    screen.write(shownCursor)
  }
  const timer = setInterval(() => {
    update(linesFor(sizeOf(screen)).join('\n'))
  }, pace)
  // Even a crash must not take the cursor with it. (log-update's own care for the cursor goes by
  // way of signal handlers that would end the process before us.)
  process.once('exit', giveBack)
  screen.write(hiddenCursor)
  return {
    say: text => {
      update.clear()
      screen.write(`${text}\n`)
    },
    leave: lines => {
      clearInterval(timer)
      update.clear()
      screen.write(`${lines.join('\n')}\n`)
    },
    close: () => {
      clearInterval(timer)
      process.off('exit', giveBack)
      giveBack()
    },
  }
}

/** The screen as log-update can bear it: never of size 0. */
const sized = (screen: Screen): Writable =>
  Object.defineProperties(
    new Writable({
      write: (text, _encoding, done) => {
        screen.write(String(text))
        done()
      },
    }),
    {
      isTTY: { value: true },
      columns: { get: () => sizeOf(screen).columns },
      rows: { get: () => sizeOf(screen).rows },
    },
  )
