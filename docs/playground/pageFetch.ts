import type { Fetch, FetchResponse } from 'rx-upload-status'
import type { Delivery, HttpResponse, PlannedResponse, RequestHead } from './sandboxParts'

type Answer = (
  method: string,
  target: string,
  request: RequestHead,
) => Promise<PlannedResponse | null>

/** What `fetch` says of a connection that breaks, whatever broke it. */
const broken = (): TypeError => new TypeError('Failed to fetch')

const onAbort = (signal: AbortSignal, run: (reason: Error) => void): void => {
  const abort = (): void => {
    run(new DOMException('The request is aborted.', 'AbortError'))
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
}

/** Resolves after so many milliseconds; never for `Infinity`. Rejects when the request is aborted. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms)
    onAbort(signal, reason => {
      clearTimeout(timer)
      reject(reason)
    })
  })

/** A body that is sent in pieces, each after a wait, and then ends or breaks. */
const bodyOf = (
  pieces: readonly Uint8Array[],
  every: number,
  breaks: boolean,
  signal: AbortSignal,
): ReadableStream<Uint8Array> => {
  const left = [...pieces]
  return new ReadableStream({
    start: controller => {
      onAbort(signal, reason => {
        controller.error(reason)
      })
    },
    pull: async controller => {
      const piece = left.shift()
      if (piece !== undefined) {
        if (every > 0) await wait(every, signal)
        controller.enqueue(piece)
      } else if (breaks) controller.error(broken())
      else controller.close()
    },
  })
}

const respond = (
  { status, headers }: HttpResponse,
  body: ReadableStream<Uint8Array>,
): FetchResponse =>
  // A page learns nothing about a redirect that is not followed.
  status >= 300 && status < 400 && status !== 304
    ? { status: 0, type: 'opaqueredirect', headers: new Headers(), text: () => Promise.resolve('') }
    : new Response([204, 205, 304].includes(status) ? null : body, { status, headers })

const slices = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, nth) =>
    bytes.subarray(nth * size, (nth + 1) * size),
  )

const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<FetchResponse> => {
  switch (delivery.kind) {
    case 'complete': {
      const bytes = new TextEncoder().encode(delivery.response.body)
      return respond(delivery.response, bodyOf([bytes], 0, false, signal))
    }
    case 'cut': {
      const bytes = new TextEncoder().encode(delivery.response.body)
      const part = bytes.subarray(0, Math.floor(bytes.length * delivery.after))
      return respond(delivery.response, bodyOf([part], 0, true, signal))
    }
    case 'trickle': {
      const bytes = new TextEncoder().encode(delivery.response.body)
      const pieces = slices(bytes, delivery.bytes)
      return respond(delivery.response, bodyOf(pieces, delivery.every, false, signal))
    }
    case 'silent':
      await wait(Infinity, signal)
      throw broken()
    case 'wire':
      // The bytes are not read: a page would not accept them either.
      if (delivery.then === 'stay') await wait(Infinity, signal)
      throw broken()
    case 'reset':
      throw broken()
  }
}

/** A `fetch` without a network: the sandbox answers in the same page. */
export const pageFetch =
  (answer: Answer): Fetch =>
  async (url, { method, headers, signal }) => {
    const { pathname, search } = new URL(url)
    const planned = await answer(method, pathname + search, { headers })
    if (planned === null) throw broken()
    await wait(planned.delay, signal)
    return deliver(planned.delivery, signal)
  }
