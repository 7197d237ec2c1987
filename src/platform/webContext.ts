import { direct, type InContext } from '../runtime/context'

interface WithContexts {
  readonly AsyncContext?: { readonly Snapshot: new () => { readonly run: InContext } }
}

/**
 * Captures the current asynchronous context if the host has `AsyncContext`.
 *
 * @see https://github.com/tc39/proposal-async-context
 */
export const webContext = (): InContext => {
  const { AsyncContext } = globalThis as WithContexts
  if (AsyncContext === undefined) return direct
  const snapshot = new AsyncContext.Snapshot()
  return (work, ...args) => {
    snapshot.run(work, ...args)
  }
}
