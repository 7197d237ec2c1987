import { timeLimit } from './timeLimit'

/** Milliseconds that a store may take beyond `ackWithin`. A claim lasts that much longer. */
export const spare = 1_000

/** Runs an operation of the store that no response depends on. Gives up after a second. */
export const settle = async (work: () => Promise<void>, failed: () => void): Promise<void> => {
  const time = timeLimit(spare)
  try {
    await time.waitFor(work())
  } catch {
    failed()
  } finally {
    time.end()
  }
}
