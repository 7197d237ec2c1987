import { isRecord } from '../api/parseJson'
import type { FetchResponse } from './fetch'

/** Resolves with the next chunk of a body. */
export type Reader = () => Promise<{
  readonly done?: boolean | undefined
  readonly value?: Uint8Array | undefined
}>

interface WebStream {
  getReader(): { read: Reader }
}

const isWebStream = (body: unknown): body is WebStream => isRecord(body) && 'getReader' in body

/** Reads a standard stream, as in browsers and Node's own fetch. */
export const webReader = (body: unknown): Reader | null => {
  if (!isWebStream(body)) return null
  const reader = body.getReader()
  return () => reader.read()
}

// Created once, because in Node that takes longer than decoding a body; and lazily, because some hosts
// (React Native, jsdom) have no decoder.
let utf8: TextDecoder | null = null

/**
 * Reads a body as UTF-8 text without a byte-order mark. Resolves with null as soon as it exceeds `cap`
 * bytes after decompression; the caller then aborts the request. A host without streams or a text
 * decoder reads the whole text first and checks its length afterwards.
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
