import { monitorEventLoopDelay } from 'node:perf_hooks'
import { deflateRaw } from 'node:zlib'

/** Measures how late a busy machine makes this process. */
export interface Lag {
  readonly start: () => void
  /** The longest delay since the start, in milliseconds. */
  readonly stop: () => number
}

/** Milliseconds between two measurements. */
const every = 50

/**
 * Measures the event loop and the thread pool: a compressed answer needs both several times.
 */
export const measureLag = (): Lag => {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  let timer: NodeJS.Timeout | undefined
  let threads = 0

  const measure = (): void => {
    const since = performance.now()
    deflateRaw('x', () => {
      threads = Math.max(threads, performance.now() - since)
    })
  }

  return {
    start: () => {
      threads = 0
      delay.reset()
      delay.enable()
      timer = setInterval(measure, every)
    },
    stop: () => {
      clearInterval(timer)
      delay.disable()
      return delay.max / 1e6 + threads
    },
  }
}
