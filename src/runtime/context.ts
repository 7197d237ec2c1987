/**
 * Calls a function in the asynchronous context of the subscriber, so that its `AsyncLocalStorage`
 * values are available. Timers, requests and budgets are shared, so they may run in any context.
 */
export type InContext = <Args extends readonly unknown[]>(
  work: (...args: Args) => void,
  ...args: Args
) => void

/** Calls a function directly, on a host without asynchronous contexts. */
export const direct: InContext = (work, ...args) => {
  work(...args)
}
