import { Observable, type Subscribable } from 'rxjs'
import platform from '#platform'

/**
 * Mirrors the source, but emits in the asynchronous context of the subscriber. The source may be of
 * another library.
 */
export const sameContext$ = <A>(source$: Subscribable<A>): Observable<A> =>
  new Observable(subscriber => {
    const inContext = platform.context()
    return source$.subscribe({
      next: value => {
        inContext(() => {
          subscriber.next(value)
        })
      },
      error: (error: unknown) => {
        inContext(() => {
          subscriber.error(error)
        })
      },
      complete: () => {
        inContext(() => {
          subscriber.complete()
        })
      },
    })
  })
