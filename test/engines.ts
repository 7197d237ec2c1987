import { Observable } from 'rxjs'
import type { UploadRef } from '../src/api/uploadRef'
import type { RequestOf } from '../src/http/request'
import { direct } from '../src/runtime/context'
import { watch$ } from '../src/uploadStatus'
import { createWatches } from '../src/watch/bulk/watches'
import type { Watched } from '../src/watch/event'
import type { WatchSettings } from '../src/watch/watchSettings'

/** Watches uploads with the same settings and the given request. */
export type Engine = (
  requestOf: RequestOf,
  settings: WatchSettings,
) => (ref: UploadRef) => Observable<Watched>

/** A pipeline of RxJS operators for each upload: `uploadStatus$`. */
export const pipeline: Engine = (requestOf, settings) => ref => watch$(ref, requestOf, settings)

/** All uploads on one timer: `uploadStatuses$` and the client. */
export const bulk: Engine = (requestOf, settings) => {
  const { start, stop } = createWatches(requestOf, settings)
  return ref =>
    new Observable(subscriber => {
      const running = start(ref, {
        inContext: direct,
        next: value => {
          subscriber.next(value)
        },
        error: defect => {
          subscriber.error(defect)
        },
        complete: () => {
          subscriber.complete()
        },
      })
      return () => {
        stop(running)
      }
    })
}

/** Every law of a watch holds for each engine: `describe.each(engines)`. */
export const engines: ReadonlyArray<readonly [name: string, engine: Engine]> = [
  ['the pipeline', pipeline],
  ['the bulk engine', bulk],
]
