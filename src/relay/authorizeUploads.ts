import {
  from,
  fromEvent,
  lastValueFrom,
  map,
  mergeMap,
  race,
  switchMap,
  take,
  timer,
  toArray,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { authorized, type Authorize, type UploadVerdict } from './authorization'
import type { Caller } from './caller'
import { createCallerSlots } from './callerSlots'

/** The most uploads of one request that are authorized concurrently. */
const maxConcurrent = 8

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
  const slot$ = createCallerSlots()
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
