import {
  asapScheduler,
  from,
  fromEvent,
  lastValueFrom,
  map,
  mergeMap,
  Observable,
  race,
  switchMap,
  take,
  timer,
  toArray,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { authorized, type Authorize, type Judged } from './authorization'
import type { Caller } from './caller'

/** Requests of one caller that are judged at once, and uploads of one request. */
const atOnce = 8

interface Slots {
  taken: number
  readonly waiting: Set<() => void>
}

/** Gives each caller a few slots. A subscriber holds its slot until it unsubscribes. */
const createSlots = (): ((caller: Caller) => Observable<null>) => {
  const callers = new Map<Caller, Slots>()

  const release = (caller: Caller, slots: Slots): void => {
    slots.taken -= 1
    // Readers of one connection leave together: the next one may do so in this turn.
    asapScheduler.schedule(() => {
      const [next] = slots.waiting
      if (next !== undefined && slots.taken < atOnce) next()
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
      if (slots.taken < atOnce) {
        start()
        return
      }
      slots.waiting.add(start)
      subscriber.add(() => {
        slots.waiting.delete(start)
      })
    })
}

/** Judges the uploads of a request, or gives null: it took too long, or the reader has left. */
export type Judge = (
  request: Request,
  caller: Caller,
  refs: readonly UploadRef[],
) => Promise<readonly Judged[] | null>

/**
 * Asks `authorize` for each upload, a few at a time, so that no caller can cause thousands of calls.
 * It asks no more for a reader that has left.
 */
export const createJudge = (authorize: Authorize, authorizeTimeout: number): Judge => {
  const slot$ = createSlots()
  return (request, caller, refs) => {
    if (request.signal.aborted) return Promise.resolve(null)
    const judged$ = from(refs).pipe(
      mergeMap(
        async (ref, place) => ({ place, judged: await authorized(authorize, request, ref) }),
        atOnce,
      ),
      toArray(),
      map(all => all.sort((a, b) => a.place - b.place).map(({ judged }) => judged)),
    )
    return lastValueFrom(
      race(
        slot$(caller).pipe(switchMap(() => judged$)),
        timer(authorizeTimeout).pipe(map(() => null)),
        fromEvent(request.signal, 'abort').pipe(map(() => null)),
      ).pipe(take(1)),
      { defaultValue: null },
    )
  }
}
