import { grouped, slopeOf, type Point } from '../soak/regression'

/** The records of a chaos run. */
export interface Seen {
  /** Samples of minutes and heap bytes, while no watch runs. */
  readonly heap: readonly Point[]
  /** Milliseconds. */
  readonly length: number
  /** Rounds in which the machine was fast enough for attempts to be in time. */
  readonly judged: number
  readonly violations: readonly string[]
  /** Counts of watches by their end. */
  readonly ends: ReadonlyMap<string, number>
  /** Counts of requests by their fault, and of healthy ones. */
  readonly faults: ReadonlyMap<string, number>
}

/** The report, and whether all laws held. */
export interface Summary {
  readonly lines: readonly string[]
  readonly isClean: boolean
}

/** The heap of shorter runs, in milliseconds, is not checked, because modules and caches still load. */
export const shortest = 300_000

/** The growth of the heap, in bytes a minute, that a run must be able to rule out. */
const allowance = 16_384

const inWords = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${String(times)}`)
    .join(', ')

const sum = (counts: ReadonlyMap<string, number>): string =>
  String([...counts.values()].reduce((a, b) => a + b, 0))

export const summaryOf = ({ heap, length, judged, violations, ends, faults }: Seen): Summary => {
  const settled = heap.slice(Math.floor(heap.length / 3))
  const { slope, low, high } = slopeOf(grouped(settled, 20))
  const ofTheHeap =
    length < shortest
      ? []
      : low > 0
        ? ['the heap grows']
        : high > allowance
          ? ['too noisy or too short: growth could hide']
          : []
  const reasons = [
    ...ofTheHeap,
    ...(violations.length === 0 ? [] : [`${String(violations.length)} violations`]),
  ]
  return {
    lines: [
      `${String(heap.length)} rounds, and one before; in ${String(judged)} of them answers could be in time`,
      `${sum(ends)} ends of watches: ${inWords(ends)}`,
      `${sum(faults)} requests: ${inWords(faults)}`,
      `heap, in the last two thirds: ${slope.toFixed(0)} bytes a minute, ` +
        `95 % interval ${low.toFixed(0)} to ${high.toFixed(0)}`,
      `verdict: ${reasons.length === 0 ? 'clean' : reasons.join('; ')}`,
    ],
    isClean: reasons.length === 0,
  }
}
