import type { Clock } from './clock'

const read = (clock: () => unknown): number => {
  let reading: unknown
  try {
    reading = clock()
  } catch (cause) {
    throw new TypeError('clock threw; it must return milliseconds', { cause })
  }
  if (typeof reading === 'number' && Number.isFinite(reading)) return reading
  const given = typeof reading === 'number' ? String(reading) : typeof reading
  throw new TypeError(`clock must return a finite number of milliseconds, not ${given}`)
}

/**
 * Makes a user's clock safe to read inside a timer: it never throws, always returns a number, and never
 * goes back. An invalid reading is reported as a defect, and time stands still until the next valid one.
 */
export const steadyClock = (clock: Clock, report: (defect: unknown) => void): Clock => {
  let now = 0
  let wentBack = 0
  return () => {
    try {
      const reading = read(clock)
      wentBack = Math.max(wentBack, now - reading)
      now = reading + wentBack
    } catch (defect) {
      report(defect)
    }
    return now
  }
}
