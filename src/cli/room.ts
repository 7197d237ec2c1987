import type { Writable } from 'node:stream'
import { defer, EMPTY, fromEvent, ignoreElements, share, take, type Observable } from 'rxjs'

/**
 * Completes once a stream takes more without piling it up in memory: at once, or when it has
 * drained.
 */
export const roomIn$ = (output: Writable): Observable<never> => {
  // However many wait, the stream has one listener.
  const drained$ = fromEvent(output, 'drain').pipe(share())
  return defer(() => (output.writableNeedDrain ? drained$.pipe(take(1), ignoreElements()) : EMPTY))
}
