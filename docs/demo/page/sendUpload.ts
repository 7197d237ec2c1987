import * as t from 'io-ts'
import { Observable, of } from 'rxjs'
import { largestFile } from '../limits'
import { StartedUpload } from '../startedUpload'
import { nameOf, type Origin } from './origin'

/** How far a file or a URL came that is sent to the server. */
export type Sent =
  | { readonly state: 'sending'; readonly percent: number | null }
  | { readonly state: 'started'; readonly upload: StartedUpload }
  | { readonly state: 'refused'; readonly why: string }

const Refused = t.type({ error: t.string })

const refused = (why: string): Sent => ({ state: 'refused', why })

const answered = (answer: unknown): Sent => {
  if (StartedUpload.is(answer)) return { state: 'started', upload: answer }
  return refused(Refused.is(answer) ? answer.error : 'It was refused.')
}

const megabytes = (bytes: number): string => `${String(Math.ceil(bytes / 1_024 / 1_024))} MB`

const formOf = (origin: Origin): FormData => {
  const form = new FormData()
  form.set('async', 'true')
  form.set(typeof origin === 'string' ? 'file_url' : 'file', origin)
  return form
}

/** A request fails in the same way for a file that cannot be read, such as a folder. */
const whyNotSent = (origin: Origin): Promise<string> => {
  const isReadable =
    typeof origin === 'string' ? Promise.resolve() : origin.slice(0, 1).arrayBuffer()
  return isReadable.then(
    () => 'The server of this page cannot be reached.',
    () => 'It cannot be read: it is a folder, or it was moved or changed.',
  )
}

/**
 * Sends a file or a URL to the page's own server, in the form of the API. A file that is too large is
 * refused before it is sent. Unsubscribing cancels the request.
 */
export const sendUpload$ = (origin: Origin): Observable<Sent> =>
  typeof origin !== 'string' && origin.size > largestFile
    ? of(
        refused(
          `It is ${megabytes(origin.size)}; the limit is ${megabytes(largestFile)}. Nothing was sent.`,
        ),
      )
    : new Observable(subscriber => {
        // By XMLHttpRequest: `fetch` does not say how much was sent.
        const request = new XMLHttpRequest()
        const end = (sent: Sent): void => {
          subscriber.next(sent)
          subscriber.complete()
        }
        request.addEventListener('load', () => {
          end(answered(request.response))
        })
        request.addEventListener('error', () => {
          void whyNotSent(origin).then(why => {
            end(refused(why))
          })
        })
        if (typeof origin !== 'string')
          request.upload.addEventListener('progress', ({ loaded, total }) => {
            const percent = Math.floor((100 * loaded) / Math.max(1, total))
            subscriber.next({ state: 'sending', percent })
          })
        const query = new URLSearchParams({ name: nameOf(origin) })
        request.open('POST', `uploads?${query.toString()}`)
        request.responseType = 'json'
        request.send(formOf(origin))
        return () => {
          request.abort()
        }
      })
