import platform from '#platform'
import { isRecord } from '../api/parseJson'
import { after } from '../runtime/wait'

/** The reason passed to `abort()`, as text. */
export const reasonOf = (signal: AbortSignal | undefined): string => {
  const reason: unknown = signal?.reason
  const message = isRecord(reason) ? reason['message'] : reason
  return typeof message === 'string' ? message : 'aborted'
}

/** Like `onAbort`. If the signal is already aborted, it calls back in a later turn. */
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

/** The single listener on a signal, with its callbacks. */
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
 * Calls back when a signal is aborted. Returns a function that removes the callback.
 *
 * All callbacks of a signal share one listener: Node warns of a leak from the eleventh listener on, and
 * takes linear time to remove one.
 */
export const onAbort = (signal: AbortSignal, callback: () => void): (() => void) => {
  const { callbacks, notify } = listeners.get(signal) ?? listenTo(signal)
  // The shared listener runs in the context of the caller of `abort`.
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
