import { patience } from './patience'

/** Milliseconds that a store may take beyond `ackWithin`, so that a claim lasts as long. */
export const spare = 1_000

/** Does something with a store that no answer depends on. It may fail, and take a second at most. */
export const settle = async (work: () => Promise<void>, failed: () => void): Promise<void> => {
  const time = patience(spare)
  try {
    await time.waitFor(work())
  } catch {
    failed()
  } finally {
    time.end()
  }
}
