import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { invalidRequest } from '../model/failure'
import type { Reference } from './follow'
import { readReference } from './reference'

/**
 * The references on a stream, one a line; empty lines are passed over, and a bad one is told by its
 * number. Unsubscribing lets go of the stream, which would keep the process alive.
 */
export const referenceLines$ = (input: Readable, baseUrl: string): Observable<Reference> =>
  new Observable(subscriber => {
    let line = 0
    const lines = createInterface({ input, crlfDelay: Infinity })
    lines.on('line', text => {
      line += 1
      if (text.trim() === '') return
      const reference = readReference(text, baseUrl)
      subscriber.next(E.isLeft(reference) ? E.left({ line, failure: reference.left }) : reference)
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
      lines.close()
      input.destroy()
    })
  })
