import { Observable, type MonoTypeOperatorFunction } from 'rxjs'
import platform from '#platform'

/** Emits in the asynchronous context of the subscriber, whichever one the source emits in. */
export const sameContext =
  <A>(): MonoTypeOperatorFunction<A> =>
  source$ =>
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
