import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Bytes } from './isSigned'

/** Why the bytes of a request cannot be read. */
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
 * Reads the body as it came, up to `most` bytes. A `Content-Length` can only refuse it: the bytes are
 * counted, whatever it says.
 */
export const readBytes = async (request: Request, most: number): Promise<Either<Unread, Bytes>> => {
  if (Number(request.headers.get('content-length')) > most) return E.left('tooLarge')
  if (request.bodyUsed || request.body?.locked === true) return E.left('bodyRead')
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { value } = (await reader?.read()) ?? {}
      if (value === undefined) return E.right(joined(chunks, size))
      size += value.byteLength
      if (size > most) break
      chunks.push(value)
    }
  } catch {
    return E.left('incomplete')
  }
  reader?.cancel().catch(() => undefined)
  return E.left('tooLarge')
}
