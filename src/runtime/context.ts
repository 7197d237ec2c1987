/**
 * Calls a function in the asynchronous context of the subscriber, so that its `AsyncLocalStorage`
 * values are available. What watches share (timers, requests, a budget) may run in any context.
 */
export type InContext = <Args extends readonly unknown[]>(
  work: (...args: Args) => void,
  ...args: Args
) => void

/** Where there are no contexts. */
export const direct: InContext = (work, ...args) => {
  work(...args)
}
