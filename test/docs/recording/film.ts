import { createScreen, type Lines } from './screen'

/** What a program wrote, and when, in ms. */
export interface Chunk {
  readonly at: number
  readonly text: string
}

/** What the terminal shows from a time on, in ms. */
export interface Frame {
  readonly at: number
  readonly lines: Lines
}

/** The end of a synchronized update: only then is the board whole. */
const updateEnd = '\u001B[?2026l'

/** The board's clocks move on: a frame every this many ms, even if no word changes. */
const longestFrame = 800

/** What is replaced sooner cannot be read. */
const shortestFrame = 250

/** The screen is empty for so long before the last board. */
const briefFrame = 60

const textOf = (lines: Lines): string =>
  lines.map(runs => runs.map(({ text }) => text).join(' ')).join('\n')

/** The words of a screen without its numbers and bars. */
const wordsOf = (lines: Lines): string => textOf(lines).replace(/[\d.█░]+|\s+/g, ' ')

/** The frames worth showing: whenever a word changes, and now and then. The last one stays. */
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
