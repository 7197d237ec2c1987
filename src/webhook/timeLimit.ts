import { after } from '../runtime/wait'

/** A time limit for work with several steps. */
export interface TimeLimit {
  /** Waits for a step. Rejects with `tooLate` when the time is up; the step itself continues. */
  readonly waitFor: <A>(step: PromiseLike<A> | A) => Promise<A>
  /** Stops the timer. */
  readonly end: () => void
}

/** The error of a wait when the time is up. */
export const tooLate = new Error('the time is up')

export const timeLimit = (ms: number): TimeLimit => {
  let end = (): void => undefined
  const late = new Promise<never>((_, reject) => {
    const timer = after(ms, () => {
      reject(tooLate)
    })
    end = () => {
      timer.unsubscribe()
    }
  })
  // Avoids an unhandled rejection if nothing is waiting.
  late.catch(() => undefined)
  return { waitFor: step => Promise.race([step, late]), end }
}

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
