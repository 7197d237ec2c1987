import { grouped, slopeOf, type Point } from '../soak/regression'

/** What was seen in a chaos run. */
export interface Seen {
  /** Minutes, and bytes that are held when nobody watches. */
  readonly heap: readonly Point[]
  /** Milliseconds. */
  readonly length: number
  /** Rounds in which the machine was not too busy for attempts to be in time. */
  readonly judged: number
  readonly violations: readonly string[]
  /** How many watches ended how. */
  readonly ends: ReadonlyMap<string, number>
  /** How many requests were harmed how, and how many were not. */
  readonly faults: ReadonlyMap<string, number>
}

/** What is said of it, and whether all laws held. */
export interface Summary {
  readonly lines: readonly string[]
  readonly isClean: boolean
}

/** The heap of shorter runs, in milliseconds, is not judged: it grows by what is loaded once. */
export const shortest = 300_000

/** Bytes a minute that the heap may grow by at most, for all that is known. */
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
