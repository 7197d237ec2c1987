import { isEnd, type Step } from './history'

/** The time that all lines of the board show. */
export interface Axis {
  /** Now; where all uploads are over, the last end. Milliseconds since 1970. */
  readonly to: number
  /** Milliseconds before that. */
  readonly span: number
}

const longest = 300_000

/** Few, so that the scale seldom changes. */
const spans = [15_000, 30_000, 60_000, 120_000, longest]

/** What ended longer ago, in milliseconds, does not make the axis longer. */
const recent = 60_000

/** From the first start of those that run or ended lately until now, but at most five minutes. */
export const axisOf = (histories: readonly (readonly Step[])[], now: number): Axis => {
  const lives = histories.flatMap(steps => {
    const [first, last] = [steps[0], steps.at(-1)]
    if (first === undefined || last === undefined) return []
    return [{ start: first.at, end: isEnd(last.doing) ? last.at : Math.max(now, last.at) }]
  })
  const to = lives.reduce((latest, { end }) => Math.max(latest, end), 0)
  const from = lives
    .filter(({ end }) => end > to - recent)
    .reduce((earliest, { start }) => Math.min(earliest, start), to)
  return { to, span: spans.find(span => span >= to - from) ?? longest }
}
