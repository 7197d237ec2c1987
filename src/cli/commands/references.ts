import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Observable, Subscription } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { invalidRequest } from '../../model/failure'
import type { Reference } from './followUploads'
import { readReference } from '../reference'

/**
 * The references on a stream, one a line; empty lines are passed over, and a bad one is told by its
 * number. Unsubscribing lets go of the stream, which would keep the process alive.
 *
 * @param room$ completes when more can be borne; until then no more is read
 */
export const referenceLines$ = (
  input: Readable,
  baseUrl: string,
  room$: Observable<never>,
): Observable<Reference> =>
  new Observable(subscriber => {
    let line = 0
    let waiting = Subscription.EMPTY
    const waitForRoom = (): void => {
      if (!waiting.closed) return
      input.pause()
      waiting = room$.subscribe({
        complete: () => {
          input.resume()
        },
        error: (defect: unknown) => {
          subscriber.error(defect)
        },
      })
    }
    const lines = createInterface({ input, crlfDelay: Infinity })
    lines.on('line', text => {
      line += 1
      if (text.trim() === '') return
      const reference = readReference(text, baseUrl)
      subscriber.next(E.isLeft(reference) ? E.left({ line, failure: reference.left }) : reference)
      waitForRoom()
    })
    lines.on('close', () => {
      subscriber.complete()
    })
    // The stream is lost; the uploads that it named before are not. (readline passes errors on.)
    lines.on('error', () => {
      const failure = invalidRequest('upload', 'could not be read: standard input broke off')
      subscriber.next(E.left({ line: line + 1, failure }))
      subscriber.complete()
    })
    subscriber.add(() => {
      waiting.unsubscribe()
      lines.close()
      input.destroy()
    })
  })
