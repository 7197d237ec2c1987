import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Bytes } from './isSigned'

/** The reason why the bytes of a request cannot be read. */
export type Unread = 'bodyRead' | 'tooLarge' | 'incomplete'

const joined = (chunks: readonly Uint8Array[], size: number): Bytes => {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/**
 * Reads the original body, up to `maxBytes` bytes. A large `Content-Length` refuses it early; the bytes
 * are counted in any case.
 */
export const readBytes = async (
  request: Request,
  maxBytes: number,
): Promise<Either<Unread, Bytes>> => {
  if (Number(request.headers.get('content-length')) > maxBytes) return E.left('tooLarge')
  if (request.bodyUsed || request.body?.locked === true) return E.left('bodyRead')
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { value } = (await reader?.read()) ?? {}
      if (value === undefined) return E.right(joined(chunks, size))
      size += value.byteLength
      if (size > maxBytes) break
      chunks.push(value)
    }
  } catch {
    return E.left('incomplete')
  }
  reader?.cancel().catch(() => undefined)
  return E.left('tooLarge')
}
