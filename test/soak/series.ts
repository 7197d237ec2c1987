import type { Point } from './regression'

/** Points that are kept outside the heap, so that the measurement does not measure itself. */
export interface Series {
  readonly add: (point: Point) => void
  readonly points: () => readonly Point[]
}

export const series = (most: number): Series => {
  const numbers = new Float64Array(2 * most)
  let length = 0
  return {
    add: ({ x, y }) => {
      numbers.set([x, y], 2 * length)
      length = Math.min(length + 1, most - 1)
    },
    points: () =>
      Array.from({ length }, (_, nth) => ({
        x: numbers[2 * nth] ?? NaN,
        y: numbers[2 * nth + 1] ?? NaN,
      })),
  }
}
