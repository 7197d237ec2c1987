import { Observable, type MonoTypeOperatorFunction } from 'rxjs'
import platform from '#platform'

/** Mirrors the source, but emits in the asynchronous context of the subscriber. */
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
