import { createScreen, type Lines } from './screen'

/** Output of a program, and its time in ms. */
export interface Chunk {
  readonly at: number
  readonly text: string
}

/** The screen of the terminal from this time on, in ms. */
export interface Frame {
  readonly at: number
  readonly lines: Lines
}

/** The end of a synchronized update: only then is the board complete. */
const updateEnd = '\u001B[?2026l'

/** A frame is taken at least every this many ms, because the clocks of the board change. */
const longestFrame = 800

/** A screen that is replaced within this many ms cannot be read. */
const shortestFrame = 250

/** How long the screen is empty before the last board. */
const briefFrame = 60

const textOf = (lines: Lines): string =>
  lines.map(runs => runs.map(({ text }) => text).join(' ')).join('\n')

/** The words of a screen without its numbers and bars. */
const wordsOf = (lines: Lines): string => textOf(lines).replace(/[\d.█░]+|\s+/g, ' ')

/** The frames to show: one for each changed word, and some at intervals. The last one stays. */
export const framesOf = (chunks: readonly Chunk[]): readonly Frame[] => {
  const screen = createScreen()
  const frames: Frame[] = []
  let rest = ''
  for (const { at, text } of chunks) {
    const updates = (rest + text).split(updateEnd)
    rest = updates.pop() ?? ''
    for (const update of updates) {
      screen.write(update)
      const lines = screen.lines()
      const last = frames.at(-1)
      const age = last === undefined ? Infinity : at - last.at
      const isNew = last === undefined || wordsOf(lines) !== wordsOf(last.lines)
      if (age >= (isNew ? shortestFrame : longestFrame)) frames.push({ at, lines })
    }
  }
  screen.write(rest)
  const end = { at: chunks.at(-1)?.at ?? 0, lines: screen.lines() }
  return [...frames, end].filter(({ at }, nth, all) => {
    const next = all[nth + 1]
    return next === undefined || next.at - at >= briefFrame
  })
}
