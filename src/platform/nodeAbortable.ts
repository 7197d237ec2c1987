import { asked, type Abortable, type Answered } from '../http/abortable'
import type { FetchInit } from '../http/fetch'

// Node's own signal takes a fifth of the CPU of a whole request, most of it to create one.

type Listener = EventListenerOrEventListenerObject | null

/** It has the part of the standard that node-fetch uses, which only listens for the abort. */
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

// node-fetch takes the signals of polyfills too, and knows a signal by the name of its class.
Object.defineProperty(LightSignal, 'name', { value: 'AbortSignal' })

/** For cross-fetch. */
export const lightAbortable = (headers: FetchInit['headers'], answered?: Answered): Abortable => {
  const signal = new LightSignal()
  return {
    init: { ...asked, headers, signal },
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
  readonly method = asked.method
  readonly redirect = asked.redirect
  readonly cache = asked.cache
  readonly [controller] = new AbortController()
  declare readonly signal: AbortSignal

  constructor(readonly headers: FetchInit['headers']) {
    // An enumerable member, so that a copy of the init has it too.
    Object.defineProperty(this, 'signal', lazy)
  }
}

/** For any other fetch: with Node's own signal, which is created when it is read. */
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
