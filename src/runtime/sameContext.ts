import { Observable, type MonoTypeOperatorFunction } from 'rxjs'
import platform from '#platform'

/** Emits in the asynchronous context in which it was subscribed to, whatever that of the source is. */
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
