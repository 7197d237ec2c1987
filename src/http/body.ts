import { isRecord } from '../api/parseJson'
import type { FetchResponse } from './fetch'

/** Gives the next chunk of a body. */
export type Reader = () => Promise<{
  readonly done?: boolean | undefined
  readonly value?: Uint8Array | undefined
}>

interface WebStream {
  getReader(): { read: Reader }
}

const isWebStream = (body: unknown): body is WebStream => isRecord(body) && 'getReader' in body

/** Reads the standard stream, which browsers and Node's own fetch have. */
export const webReader = (body: unknown): Reader | null => {
  if (!isWebStream(body)) return null
  const reader = body.getReader()
  return () => reader.read()
}

// Made once, since in Node that takes longer than to decode a body; and not at load, since some hosts
// (React Native, jsdom) have no decoder.
let utf8: TextDecoder | null = null

/**
 * Reads a body as UTF-8 text, without a byte-order mark, or gives null as soon as it is larger than
 * `cap` bytes after decompression; the caller then aborts the request. A host that has no stream to
 * read, or no decoder for its bytes, takes the text whole and measures it afterwards.
 */
export const readBody = async (
  response: FetchResponse,
  readerOf: (body: unknown) => Reader | null,
  cap: number,
): Promise<string | null> => {
  const read = typeof TextDecoder === 'undefined' ? null : readerOf(response.body)
  if (read === null) {
    const text = await response.text()
    return text.length > cap ? null : text.replace(/^\uFEFF/, '')
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { value } = await read()
    if (value === undefined) break
    size += value.byteLength
    if (size > cap) return null
    chunks.push(value)
  }
  const whole = new Uint8Array(size)
  for (const chunk of chunks.reverse()) whole.set(chunk, (size -= chunk.byteLength))
  utf8 ??= new TextDecoder()
  return utf8.decode(whole)
}
