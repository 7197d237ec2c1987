import { asked, type Abortable } from '../pipeline/abortable'
import type { FetchInit } from '../pipeline/fetch'

// Node's own signal takes a fifth of the CPU of a whole request, most of it where it is made.

class LightSignal extends EventTarget implements AbortSignal {
  aborted = false
  reason: unknown
  readonly onabort = null

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }
}

// node-fetch takes the signals of polyfills too, and knows a signal by the name of its class.
Object.defineProperty(LightSignal, 'name', { value: 'AbortSignal' })

/** For cross-fetch: with a signal that is not Node's own. It does all of the standard but `onabort`. */
export const lightAbortable = (headers: FetchInit['headers']): Abortable => {
  const signal = new LightSignal()
  return {
    init: { ...asked, headers, signal },
    abort: () => {
      signal.aborted = true
      signal.reason = new DOMException('This operation was aborted', 'AbortError')
      signal.dispatchEvent(new Event('abort'))
    },
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
  readonly method = asked.method
  readonly redirect = asked.redirect
  readonly cache = asked.cache
  readonly [controller] = new AbortController()
  declare readonly signal: AbortSignal

  constructor(readonly headers: FetchInit['headers']) {
    // A member like the others, so that whoever copies them has it too.
    Object.defineProperty(this, 'signal', lazy)
  }
}

/** For any other fetch: with Node's own signal, which is made when it is looked at. */
export const lazyAbortable = (headers: FetchInit['headers']): Abortable => {
  const init = new LazyInit(headers)
  return {
    init,
    abort: () => {
      init[controller].abort()
    },
  }
}
