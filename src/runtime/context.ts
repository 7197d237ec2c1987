/**
 * Calls a function in the asynchronous context in which the caller subscribed, so that its values of
 * an `AsyncLocalStorage` are there: what watches share (timers, requests, a budget) runs in any
 * context.
 */
export type InContext = <Args extends readonly unknown[]>(
  work: (...args: Args) => void,
  ...args: Args
) => void

/** Where there are no contexts. */
export const direct: InContext = (work, ...args) => {
  work(...args)
}
