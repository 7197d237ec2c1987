import { Observable } from 'rxjs'
import type { UploadRef } from '../model/identifier'
import type { Watched } from './running'
import { createWatches, type RequestOf, type WatchSettings } from './watches'

/** A watch of its own for each subscription. */
export const watch$ = (
  ref: UploadRef,
  requestOf: RequestOf,
  settings: WatchSettings,
): Observable<Watched> =>
  new Observable(subscriber => {
    const { start, stop } = createWatches(requestOf, settings)
    const running = start(ref, subscriber)
    return () => {
      stop(running)
    }
  })
