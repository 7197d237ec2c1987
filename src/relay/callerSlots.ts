import { asapScheduler, Observable } from 'rxjs'
import type { Caller } from './caller'

/** The most requests of one caller that are authorized concurrently. */
const maxConcurrent = 8

interface Slots {
  taken: number
  readonly waiting: Set<() => void>
}

/** Limits the concurrent requests of each caller. A subscriber holds its slot until it unsubscribes. */
export const createCallerSlots = (): ((caller: Caller) => Observable<null>) => {
  const callers = new Map<Caller, Slots>()

  const release = (caller: Caller, slots: Slots): void => {
    slots.taken -= 1
    // Readers of one connection leave together: the next one may also leave in this turn.
    asapScheduler.schedule(() => {
      const [next] = slots.waiting
      if (next !== undefined && slots.taken < maxConcurrent) next()
      else if (slots.taken === 0) callers.delete(caller)
    })
  }

  return caller =>
    new Observable(subscriber => {
      const slots = callers.get(caller) ?? { taken: 0, waiting: new Set() }
      callers.set(caller, slots)
      const start = (): void => {
        slots.waiting.delete(start)
        slots.taken += 1
        subscriber.add(() => {
          release(caller, slots)
        })
        subscriber.next(null)
      }
      if (slots.taken < maxConcurrent) {
        start()
        return
      }
      slots.waiting.add(start)
      subscriber.add(() => {
        slots.waiting.delete(start)
      })
    })
}
