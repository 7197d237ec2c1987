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
import { authorized, type Authorize, type UploadVerdict } from './authorization'
import type { Caller } from './caller'

/** The most requests of one caller, and uploads of one request, that are authorized concurrently. */
const maxConcurrent = 8

interface Slots {
  taken: number
  readonly waiting: Set<() => void>
}

/** Limits the concurrent requests of each caller. A subscriber holds its slot until it unsubscribes. */
const createSlots = (): ((caller: Caller) => Observable<null>) => {
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

/** Authorizes the uploads of a request. Resolves with null on a timeout or if the reader has left. */
export type AuthorizeUploads = (
  request: Request,
  caller: Caller,
  refs: readonly UploadRef[],
) => Promise<readonly UploadVerdict[] | null>

/**
 * Calls `authorize` for each upload, a few at a time, so that no caller can cause thousands of
 * concurrent calls. Stops when the reader leaves.
 */
export const createAuthorizer = (
  authorize: Authorize,
  authorizeTimeout: number,
): AuthorizeUploads => {
  const slot$ = createSlots()
  return (request, caller, refs) => {
    if (request.signal.aborted) return Promise.resolve(null)
    const verdicts$ = from(refs).pipe(
      mergeMap(
        async (ref, index) => ({ index, verdict: await authorized(authorize, request, ref) }),
        maxConcurrent,
      ),
      toArray(),
      map(all => all.sort((a, b) => a.index - b.index).map(({ verdict }) => verdict)),
    )
    return lastValueFrom(
      race(
        slot$(caller).pipe(switchMap(() => verdicts$)),
        timer(authorizeTimeout).pipe(map(() => null)),
        fromEvent(request.signal, 'abort').pipe(map(() => null)),
      ).pipe(take(1)),
      { defaultValue: null },
    )
  }
}
