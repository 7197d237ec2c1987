import { Observable } from 'rxjs'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox'

/** Emits a running sandbox; unsubscribing closes it. Errors if it cannot start. */
export const openSandbox$ = (options: SandboxOptions): Observable<Sandbox> =>
  new Observable(subscriber => {
    const starting = startSandbox(options)
    starting.then(
      sandbox => {
        subscriber.next(sandbox)
      },
      (error: unknown) => {
        subscriber.error(error)
      },
    )
    return () => {
      starting.then(
        sandbox => sandbox.close(),
        () => undefined,
      )
    }
  })
