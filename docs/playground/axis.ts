/** How times are placed on a line. */
export interface Axis {
  /** Milliseconds at the right end. */
  readonly end: number
  readonly x: (ms: number) => number
  /** The seconds that are written below the line. */
  readonly ticks: readonly number[]
}

/** Pixels beside the line, for a marble that stands at its end. */
const margin = 16

const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600]

/** Places the time from 0 to `latest`, at least 10 s, on a line of so many pixels. */
export const axisOf = (latest: number, width: number): Axis => {
  const end = Math.max(10_000, latest * 1.05)
  const most = Math.max(1, Math.floor(width / 64))
  const step = steps.find(seconds => end / 1_000 / seconds <= most) ?? 7_200
  return {
    end,
    x: ms => margin + (Math.min(ms, end) / end) * (width - 2 * margin),
    ticks: Array.from({ length: Math.floor(end / 1_000 / step) + 1 }, (_, nth) => nth * step),
  }
}
