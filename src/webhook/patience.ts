import { after } from '../runtime/wait'

/** A time limit for work in several steps. */
export interface Patience {
  /** Waits for a step. Rejects with `tooLate` when the time is up; the step itself goes on. */
  readonly waitFor: <A>(step: PromiseLike<A> | A) => Promise<A>
  /** Stops the timer. */
  readonly end: () => void
}

/** What a wait rejects with when the time is up. */
export const tooLate = new Error('the time is up')

export const patience = (ms: number): Patience => {
  let end = (): void => undefined
  const late = new Promise<never>((_, reject) => {
    const timer = after(ms, () => {
      reject(tooLate)
    })
    end = () => {
      timer.unsubscribe()
    }
  })
  // Nobody may be waiting by then.
  late.catch(() => undefined)
  return { waitFor: step => Promise.race([step, late]), end }
}
