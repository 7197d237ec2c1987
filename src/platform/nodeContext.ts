import { AsyncResource } from 'node:async_hooks'
import type { InContext } from '../pipeline/context'

/** The current context, which every `AsyncLocalStorage` of Node follows. */
export const nodeContext = (): InContext => {
  // Nothing has to be told when it is garbage: that would cost more than all the rest.
  const resource = new AsyncResource('uploadStatus', { requireManualDestroy: true })
  return (work, ...args) => {
    resource.runInAsyncScope(work, undefined, ...args)
  }
}
