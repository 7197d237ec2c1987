import type { IncomingMessage } from 'node:http'
import { multipartReader } from './multipart'

/** What the body of a POST holds, not yet judged. */
export type UploadForm =
  | {
      readonly kind: 'fields'
      readonly file: SentFile | null
      readonly fileUrl: unknown
      readonly async: unknown
    }
  | { readonly kind: 'unreadable'; readonly error: string }
  /** The client went away before the end of its body. */
  | { readonly kind: 'aborted' }

/** What came in the field `file`. */
interface SentFile {
  /** Null where the field is text, and so is no file. */
  readonly name: string | null
  readonly bytes: number
}

/** Reads the body of a POST to its end, whatever is in it; what is kept of it is bounded. */
export const readUploadForm = async (request: IncomingMessage): Promise<UploadForm> => {
  const reader = readerOf(request.headers['content-type'] ?? '')
  const whole = await new Promise<boolean>(resolve => {
    request.on('data', reader.write)
    request.once('end', () => {
      resolve(true)
    })
    request.once('close', () => {
      resolve(false)
    })
  })
  return whole ? reader.end() : { kind: 'aborted' }
}

interface FormReader {
  readonly write: (piece: Buffer) => void
  readonly end: () => UploadForm
}

const readerOf = (contentType: string): FormReader => {
  const [, quoted, bare] = multipart.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary !== undefined) return multipartForm(boundary)
  if (/^application\/json\s*(;|$)/i.test(contentType)) return jsonForm()
  return { write: () => undefined, end: () => unreadable('Send a form or JSON.') }
}

const multipart = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i

const multipartForm = (boundary: string): FormReader => {
  const { write, end } = multipartReader(boundary)
  return {
    write,
    end: () => {
      const parts = end()
      if (parts === null) return unreadable('The body is not a well-formed form.')
      const file = parts.get('file')
      // A form sends an input that nobody filled as an empty file without a name.
      const unfilled = file === undefined || (file.bytes === 0 && !file.fileName)
      return {
        kind: 'fields',
        file: unfilled ? null : { name: file.fileName, bytes: file.bytes },
        fileUrl: parts.get('file_url')?.text,
        async: parts.get('async')?.text,
      }
    },
  }
}

const longestJson = 65_536

const jsonForm = (): FormReader => {
  const pieces: Buffer[] = []
  let bytes = 0
  return {
    write: piece => {
      bytes += piece.length
      if (bytes <= longestJson) pieces.push(piece)
    },
    end: () => {
      const body = bytes > longestJson ? undefined : parsed(Buffer.concat(pieces).toString())
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        return unreadable('The body is not a JSON object.')
      }
      const fields = new Map<string, unknown>(Object.entries(body))
      const file = fields.get('file') ?? null
      return {
        kind: 'fields',
        file: file === null ? null : { name: null, bytes: 0 },
        fileUrl: fields.get('file_url'),
        async: fields.get('async'),
      }
    },
  }
}

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const unreadable = (error: string): UploadForm => ({ kind: 'unreadable', error })
