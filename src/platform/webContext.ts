import { direct, type InContext } from '../runtime/context'

interface WithContexts {
  readonly AsyncContext?: { readonly Snapshot: new () => { readonly run: InContext } }
}

/**
 * The current context, where the host has `AsyncContext`.
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
