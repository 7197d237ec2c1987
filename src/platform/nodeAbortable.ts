import { baseInit, type Abortable, type Answered } from '../http/abortable'
import type { FetchInit } from '../http/fetch'

// Creating Node's own signal takes a fifth of the CPU time of a whole request.

type Listener = EventListenerOrEventListenerObject | null

/** The part of `AbortSignal` that node-fetch uses: it only listens for `abort`. */
class LightSignal implements AbortSignal {
  aborted = false
  reason: unknown
  readonly onabort = null
  listeners: readonly Listener[] = []

  addEventListener(_: string, listener: Listener): void {
    this.listeners = [...this.listeners, listener]
  }

  removeEventListener(_: string, listener: Listener): void {
    this.listeners = this.listeners.filter(each => each !== listener)
  }

  dispatchEvent(event: Event): true {
    for (const listener of this.listeners)
      if (typeof listener === 'function') listener(event)
      else listener?.handleEvent(event)
    return true
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }
}

// node-fetch recognizes a signal by the name of its class, because it supports polyfills.
Object.defineProperty(LightSignal, 'name', { value: 'AbortSignal' })

/** Creates an abortable request for cross-fetch. */
export const lightAbortable = (headers: FetchInit['headers'], answered?: Answered): Abortable => {
  const signal = new LightSignal()
  return {
    init: { headers, signal, ...baseInit },
    abort: () => {
      signal.aborted = true
      signal.reason = new DOMException('This operation was aborted', 'AbortError')
      signal.dispatchEvent(new Event('abort'))
    },
    answered,
  }
}

const controller = Symbol()

const lazy: PropertyDescriptor & ThisType<LazyInit> = {
  enumerable: true,
  get() {
    return this[controller].signal
  },
}

class LazyInit implements FetchInit {
  readonly method = baseInit.method
  readonly redirect = baseInit.redirect
  readonly cache = baseInit.cache
  readonly [controller] = new AbortController()
  declare readonly signal: AbortSignal

  constructor(readonly headers: FetchInit['headers']) {
    // Enumerable, so that a copy of the init has it too.
    Object.defineProperty(this, 'signal', lazy)
  }
}

/** Creates an abortable request for any other fetch. Node's own signal is created when it is read. */
export const lazyAbortable = (headers: FetchInit['headers'], answered?: Answered): Abortable => {
  const init = new LazyInit(headers)
  return {
    init,
    abort: () => {
      init[controller].abort()
    },
    answered,
  }
}
