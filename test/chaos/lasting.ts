import { setTimeout } from 'node:timers/promises'

/** Milliseconds in which everything must be let go of. */
const patience = 3_000

/** How much is still there when it had time to go; looks again until there is nothing. */
export const lasting = async (count: () => number): Promise<number> => {
  const since = performance.now()
  while (count() > 0 && performance.now() - since < patience) await setTimeout(20)
  return count()
}
