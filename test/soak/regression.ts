/** A sample: a time and a value. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The slope of a straight line through points, and its 95 % interval. */
export interface Slope {
  readonly slope: number
  readonly low: number
  readonly high: number
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The 97.5 % quantile of Student's t: the expansion by Cornish and Fisher, true to 0.001 from 5
 * degrees of freedom up.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5
 */
export const studentT = (freedom: number): number => {
  const z = 1.959963984540054
  return [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1_482 * z ** 5 - 1_920 * z ** 3 - 945 * z) / 92_160,
  ].reduce((sum, term, power) => sum + term / freedom ** power, 0)
}

/** Fits a line by least squares. The interval is infinite for fewer than 7 points. */
export const slopeOf = (points: readonly Point[]): Slope => {
  if (points.length < 7) return { slope: NaN, low: -Infinity, high: Infinity }
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
  const missed = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const freedom = points.length - 2
  const half = studentT(freedom) * Math.sqrt(missed / freedom / spread)
  return { slope, low: slope - half, high: slope + half }
}

/** The means of this many groups of neighbours, which average out the noise between neighbours. */
export const grouped = (points: readonly Point[], groups: number): readonly Point[] =>
  points.length < groups
    ? points
    : Array.from({ length: groups }, (_, group) => {
        const at = (part: number): number => Math.floor((part * points.length) / groups)
        const members = points.slice(at(group), at(group + 1))
        return { x: mean(members.map(({ x }) => x)), y: mean(members.map(({ y }) => y)) }
      })
