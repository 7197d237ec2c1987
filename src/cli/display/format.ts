import type { Notation } from '../commands/optionValues'

const units: ReadonlyMap<string | undefined, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** A duration with its unit, like `500ms` or `1.5h`; read as milliseconds. */
export const duration: Notation<number> = {
  form: 'a number with a unit, like 10m (units: ms, s, m, h)',
  read: text => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? []
    const size = units.get(unit)
    return size === undefined ? null : Number(amount) * size
  },
}

const twoDigits = (count: number): string => String(count).padStart(2, '0')

/**
 * Milliseconds for people: short, and the coarser the longer.
 *
 * ```
 * 4_230 → 4.2s    42_300 → 42s    185_000 → 3m 05s    7_500_000 → 2h 05m
 * ```
 */
export const formatDuration = (ms: number): string => {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(1)}s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${String(seconds)}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${String(minutes)}m ${twoDigits(seconds % 60)}s`
    : `${String(Math.floor(minutes / 60))}h ${twoDigits(minutes % 60)}m`
}
