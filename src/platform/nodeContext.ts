import { direct, type InContext } from '../runtime/context'

// Not imported: when CommonJS is bundled into an ES module for Node, there is no `require`.
const hooks =
  'getBuiltinModule' in process ? process.getBuiltinModule('node:async_hooks') : undefined

/** Captures the current asynchronous context, with all values of `AsyncLocalStorage`. */
export const nodeContext = (): InContext => {
  if (hooks === undefined) return direct
  // Avoids a hook on garbage collection, which would cost more than everything else here.
  const resource = new hooks.AsyncResource('uploadStatus', { requireManualDestroy: true })
  return (work, ...args) => {
    resource.runInAsyncScope(work, undefined, ...args)
  }
}
