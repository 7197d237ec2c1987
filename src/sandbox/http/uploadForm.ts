import { Busboy } from '@fastify/busboy'

/** The body of a POST that starts an upload, parsed but not checked. */
export type UploadForm =
  | {
      readonly kind: 'fields'
      readonly file: FormFile | null
      /** The fields that are not files. */
      readonly fields: ReadonlyMap<string, unknown>
    }
  | { readonly kind: 'unreadable'; readonly error: string }
  /** The client has disconnected before the end of the body. */
  | { readonly kind: 'aborted' }

/** The field `file`. */
interface FormFile {
  /** Null if the field is text and not a file. */
  readonly name: string | null
  readonly bytes: number
}

/** Parses a body chunk by chunk. */
interface FormParser {
  readonly write: (chunk: Buffer) => void
  readonly end: () => UploadForm | Promise<UploadForm>
}

/** Reads the body of a POST to its end, even if it is malformed. A file is measured, not stored. */
export const readUploadForm = async (
  body: AsyncIterable<Buffer>,
  contentType: string,
): Promise<UploadForm> => {
  const parser = parserFor(contentType)
  try {
    for await (const chunk of body) parser.write(chunk)
  } catch {
    return { kind: 'aborted' }
  }
  return parser.end()
}

const parserFor = (contentType: string): FormParser => {
  if (/^multipart\/form-data\s*;.*\bboundary=/i.test(contentType)) {
    return multipartParser(contentType)
  }
  if (/^application\/json\s*(;|$)/i.test(contentType)) return jsonParser()
  return { write: () => undefined, end: () => unreadable('Send a form or JSON.') }
}

const unreadable = (error: string): UploadForm => ({ kind: 'unreadable', error })

/**
 * Parses a multipart form with Busboy, which the build inlines. Node's own `Request.formData()`
 * keeps every file in memory, 100 MB a request; Busboy passes it on in chunks, which are counted.
 */
const multipartParser = (contentType: string): FormParser => {
  const files = new Map<string, { name: string | null; bytes: number }>()
  const texts = new Map<string, string>()
  let malformed = false
  const refuse = (): void => {
    malformed = true
  }
  const busboy = new Busboy({
    headers: { 'content-type': contentType },
    preservePath: true,
    limits: { parts: 32, fieldSize: 8_192 },
    isPartAFile: (name, _, fileName) => {
      if (name === undefined) refuse()
      return fileName !== undefined
    },
  })
  busboy.on('field', (name, text, _, isTruncated) => {
    if (isTruncated) refuse()
    files.set(name, { name: null, bytes: text.length })
    texts.set(name, text)
  })
  busboy.on('file', (name, stream, fileName) => {
    // Browsers write %22 for a quote (WHATWG).
    const file = { name: fileName.replaceAll('%22', '"'), bytes: 0 }
    texts.delete(name)
    files.set(name, file)
    stream.on('data', (chunk: Buffer) => {
      file.bytes += chunk.length
    })
    stream.on('error', refuse)
  })
  busboy.on('partsLimit', refuse)
  const parsed = new Promise<void>(resolve => {
    busboy.once('finish', resolve)
    busboy.on('error', () => {
      refuse()
      resolve()
    })
  })
  return {
    write: chunk => busboy.write(chunk),
    end: async () => {
      busboy.end()
      await parsed
      if (malformed) return unreadable('The body is not a well-formed form.')
      const file = files.get('file')
      // A browser sends an empty file without a name for a file input that was left empty.
      const isEmpty = file === undefined || (file.bytes === 0 && !file.name)
      return {
        kind: 'fields',
        file: isEmpty ? null : file,
        fields: texts,
      }
    },
  }
}

const longestJson = 65_536

const jsonParser = (): FormParser => {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    write: chunk => {
      bytes += chunk.length
      if (bytes <= longestJson) chunks.push(chunk)
    },
    end: () => {
      const body = bytes > longestJson ? undefined : parseJson(Buffer.concat(chunks).toString())
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        return unreadable('The body is not a JSON object.')
      }
      const fields = new Map<string, unknown>(Object.entries(body))
      const file = fields.get('file') ?? null
      return {
        kind: 'fields',
        file: file === null ? null : { name: null, bytes: 0 },
        fields,
      }
    },
  }
}

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
