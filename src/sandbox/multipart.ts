import { partHead, type PartHead } from './partHead'

/** One part of a form. */
export interface Part extends PartHead {
  /** How long its content is. */
  readonly bytes: number
  /** The content of a text field; that of a file is counted and dropped. */
  readonly text: string
}

/** Reads a `multipart/form-data` body piece by piece. */
export interface MultipartReader {
  readonly write: (piece: Buffer) => void
  /** The parts by name, the last of each name; null where the body was not well-formed. */
  readonly end: () => ReadonlyMap<string, Part> | null
}

const longestHead = 16_384
const longestText = 8_192
const mostParts = 32

/**
 * A reader for one body. The platform's `Response.formData()` would hold all of it in memory, 100
 * MB a request; this one holds a piece of it, the names and the text fields.
 */
export const multipartReader = (boundary: string): MultipartReader => {
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const parts = new Map<string, Part>()
  let step: 'content' | 'delimiter' | 'head' | 'epilogue' | 'malformed' = 'content'
  let part: Part | null = null
  // The first delimiter need not follow a line break; with one put before it, it is like the others.
  let rest = Buffer.from('\r\n')

  /** Gives a piece to the open part; false where that has no room for it. */
  const take = (piece: Buffer): boolean => {
    if (part === null) return true
    const bytes = part.bytes + piece.length
    const isText = part.fileName === null
    part = { ...part, bytes, text: isText ? part.text + piece.toString('latin1') : '' }
    return !isText || bytes <= longestText
  }

  /** Keeps the part that has ended; false where there is no room for it. */
  const keep = (): boolean => {
    if (part === null) return true
    parts.set(part.name, { ...part, text: Buffer.from(part.text, 'latin1').toString() })
    return parts.size <= mostParts
  }

  /** Takes one step through what has arrived; false where it must wait for more. */
  const advance = (): boolean => {
    switch (step) {
      case 'content': {
        const end = rest.indexOf(delimiter)
        // The last bytes may be the beginning of a delimiter: they wait for the next piece.
        const length = end < 0 ? Math.max(0, rest.length - delimiter.length + 1) : end
        const fits = take(rest.subarray(0, length)) && (end < 0 || keep())
        rest = rest.subarray(end < 0 ? length : end + delimiter.length)
        if (!fits) step = 'malformed'
        else if (end >= 0) step = 'delimiter'
        return fits && end >= 0
      }
      case 'delimiter': {
        if (rest.length < 2) return false
        step = rest.toString('latin1', 0, 2) === '--' ? 'epilogue' : 'head'
        return true
      }
      case 'head': {
        // Begins with the line break of the delimiter, so that an empty head ends like any other.
        const end = rest.indexOf('\r\n\r\n')
        if (end < 0) {
          if (rest.length > longestHead) step = 'malformed'
          return false
        }
        const head = partHead(rest.toString('utf8', 0, end))
        part = head && { ...head, bytes: 0, text: '' }
        rest = rest.subarray(end + 4)
        step = head === null ? 'malformed' : 'content'
        return true
      }
      case 'epilogue':
      case 'malformed':
        rest = Buffer.alloc(0)
        return false
    }
  }

  return {
    write: piece => {
      if (step === 'epilogue' || step === 'malformed') return
      rest = Buffer.concat([rest, piece])
      while (advance());
    },
    end: () => (step === 'epilogue' ? parts : null),
  }
}
