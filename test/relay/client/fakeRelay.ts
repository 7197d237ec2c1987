import { right } from 'fp-ts/Either'
import { relayedUploadStatus$, type RelayedOptions } from 'rx-upload-status/relay/client'
import type { Fetch, FetchInit } from '../../../src/http/fetch'
import { pending, ref } from '../../answers'

export const address = 'https://relay.example/live'

export const event = (
  upload: string,
  status: unknown = right({ ...pending, prefixed_id: upload }),
) => `data: ${JSON.stringify({ account: ref.account, upload, status })}\n\n`

/** One connection of a client. */
export interface Request {
  readonly at: number
  readonly uploads: readonly string[]
  readonly isAborted: () => boolean
  readonly send: (text: string) => void
  readonly close: () => void
  readonly isRead: () => boolean
}

export type Answer = (request: Request) => Response | number | null

/** A relay whose answers a test provides: a response, a status, or null for no answer. */
export const relayOf = (
  answer: Answer,
  headers: Readonly<Record<string, string>> = {},
  delay = 0,
) => {
  const requests: Request[] = []
  const start = performance.now()
  const fetch: Fetch = async (url: string, { signal }: FetchInit) => {
    const encoder = new TextEncoder()
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    let isRead = false
    const body = new ReadableStream<Uint8Array>({
      start: given => {
        controller = given
      },
    })
    const request: Request = {
      at: performance.now() - start,
      uploads: new URL(url).searchParams.getAll('ref').map(name => name.split('/')[1] ?? ''),
      isAborted: () => signal.aborted,
      isRead: () => isRead,
      send: text => controller?.enqueue(encoder.encode(text)),
      close: () => {
        isRead = !signal.aborted
        controller?.close()
      },
    }
    requests.push(request)
    if (delay > 0)
      await new Promise<void>((resolve, reject) => {
        setTimeout(resolve, delay)
        signal.addEventListener('abort', () => {
          reject(new DOMException('aborted', 'AbortError'))
        })
      })
    const answered = answer(request)
    if (answered === null) return new Promise(() => undefined)
    return typeof answered === 'number'
      ? new Response(null, { status: answered, headers })
      : new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } })
  }
  return { fetch, requests, start }
}

export const open = new Response()

/** Follows an upload by a relay. Returns its values, and its end, as they come. */
export const valuesOf = (options: RelayedOptions, url = address): unknown[] => {
  const seen: unknown[] = []
  relayedUploadStatus$(url, ref.account, ref.upload, options).subscribe({
    next: value => seen.push(value),
    error: (defect: unknown) => seen.push(['defect', defect]),
    complete: () => seen.push('complete'),
  })
  return seen
}
