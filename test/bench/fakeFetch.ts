import type { Fetch } from 'rx-upload-status'

/** Answers `processing` immediately. */
export interface FakeFetch {
  (url: string): Promise<Awaited<ReturnType<Fetch>> & { json(): Promise<unknown> }>
}

const bodyOf = (url: string): string =>
  JSON.stringify({ status: 'processing', prefixed_id: url.split('/').at(-2) })

const headers = { get: () => null }

/** With a bare object that looks like a response, which costs almost nothing. */
export const lightFetch: FakeFetch = url => {
  const body = bodyOf(url)
  return Promise.resolve({
    status: 200,
    headers,
    text: () => Promise.resolve(body),
    json: () => Promise.resolve(JSON.parse(body) as unknown),
  })
}

/** With a real `Response`, as any fetch does. */
export const responseFetch: FakeFetch = url =>
  Promise.resolve(new Response(bodyOf(url), { headers: { 'content-type': 'application/json' } }))

/** Answers in another turn of the event loop, as a network does. */
export const laterFetch: FakeFetch = url =>
  new Promise(resolve => {
    setImmediate(() => {
      resolve(lightFetch(url))
    })
  })
