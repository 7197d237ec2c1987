import { direct, type InContext } from '../runtime/context'

// Not imported: in a bundle of CommonJS for Node's ES modules there is no `require` for it.
const hooks =
  'getBuiltinModule' in process ? process.getBuiltinModule('node:async_hooks') : undefined

/** The current context, which every `AsyncLocalStorage` of Node follows. */
export const nodeContext = (): InContext => {
  if (hooks === undefined) return direct
  // No hook runs when it is garbage collected: that would cost more than all the rest.
  const resource = new hooks.AsyncResource('uploadStatus', { requireManualDestroy: true })
  return (work, ...args) => {
    resource.runInAsyncScope(work, undefined, ...args)
  }
}
