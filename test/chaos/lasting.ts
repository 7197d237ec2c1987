import { setTimeout } from 'node:timers/promises'

/** Milliseconds in which everything must be released. */
const patience = 3_000

/** Counts what is left. Repeats the count until it is 0 or the time is over. */
export const lasting = async (count: () => number): Promise<number> => {
  const since = performance.now()
  while (count() > 0 && performance.now() - since < patience) await setTimeout(20)
  return count()
}
