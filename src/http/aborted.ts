import platform from '#platform'
import { isRecord } from '../api/parseJson'
import { after } from '../runtime/wait'

/** The reason that was given to `abort()`, as text. */
export const reasonOf = (signal: AbortSignal | undefined): string => {
  const reason: unknown = signal?.reason
  const said = isRecord(reason) ? reason['message'] : reason
  return typeof said === 'string' ? said : 'aborted'
}

/** Like `onAbort`; if the signal is aborted already, it calls back in a later turn. */
export const onAbortOrAborted = (
  signal: AbortSignal | undefined,
  callback: () => void,
): (() => void) => {
  if (signal === undefined) return () => undefined
  if (!signal.aborted) return onAbort(signal, callback)
  const scheduled = after(0, callback)
  return () => {
    scheduled.unsubscribe()
  }
}

/** The one listener on a signal, and whom it calls. */
interface Listener {
  readonly callbacks: Set<() => void>
  readonly notify: () => void
}

const listeners = new WeakMap<AbortSignal, Listener>()

const listenTo = (signal: AbortSignal): Listener => {
  const callbacks = new Set<() => void>()
  const notify = (): void => {
    for (const callback of callbacks) callback()
  }
  const listener = { callbacks, notify }
  listeners.set(signal, listener)
  signal.addEventListener('abort', notify)
  return listener
}

/**
 * Calls back when a signal is aborted. Returns a function that ends this.
 *
 * All that wait for a signal share one listener. Node warns of a leak from the eleventh listener on,
 * and walks through all of them to remove one.
 */
export const onAbort = (signal: AbortSignal, callback: () => void): (() => void) => {
  const { callbacks, notify } = listeners.get(signal) ?? listenTo(signal)
  // The one listener runs in the context of the caller of `abort`.
  const inContext = platform.context()
  const notified = (): void => {
    inContext(callback)
  }
  callbacks.add(notified)
  return () => {
    callbacks.delete(notified)
    if (callbacks.size > 0 || listeners.get(signal)?.callbacks !== callbacks) return
    listeners.delete(signal)
    signal.removeEventListener('abort', notify)
  }
}
