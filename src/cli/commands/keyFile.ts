import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { constants, createReadStream, fstatSync, openSync, type Stats } from 'node:fs'
import { Socket } from 'node:net'
import { sanitize } from '../display/text'
import { unreadable } from './fileError'
import { shellQuote } from './host'

/** The content of a key file, with a warning about its permissions, or null. */
export interface KeyFile {
  readonly text: string
  readonly warning: string | null
}

/** The most bytes of a key. An endless file, such as `/dev/zero`, is read up to this size. */
const maxBytes = 4_096

/** The flag that names a file, and the content that the file holds. */
export interface FileFlag {
  readonly flag: string
  readonly holds: string
}

const keyFileFlag: FileFlag = { flag: '--key-file', holds: 'key' }

/** Replaces a path that is not shown. */
const hidden = 'the file'

/** Returns a path for display. Never repeats a text that may be a key instead of a path. */
const shownPath = (path: string): string => {
  const isPath = /^(\.{0,2}|~|[a-z]:)[\\/]/i.test(path) || /\.[a-z]{1,5}$/i.test(path)
  return isPath || /^[a-z.-]{1,20}$/i.test(path) ? sanitize(path, 200) : hidden
}

/**
 * Reads a key file of at most 4 KiB as UTF-8, without byte-order mark and without blanks around the
 * key. It may be a pipe, as in `--key-file <(pass show key)`. A `Left` never holds the content.
 */
export const readKeyFile = async (
  path: string,
  of: FileFlag = keyFileFlag,
): Promise<Either<string, KeyFile>> => {
  const name = shownPath(path)
  try {
    // Without O_NONBLOCK, a pipe without a writer blocks the program, and Ctrl-C does not end it.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(file)
    const bytes = await readStart(file, stats.isFIFO())
    return E.map((text: string) => ({ text, warning: permissionWarning(stats, name, of) }))(
      decode(bytes, name, of),
    )
  } catch (error) {
    return E.left(`${of.flag}: ${name} ${unreadable(error)}`)
  }
}

/** Warns about permissions, except on Windows, which reports the same ones for every file. */
const permissionWarning = (stats: Stats, name: string, { flag, holds }: FileFlag): string | null =>
  process.platform !== 'win32' && stats.isFile() && (stats.mode & 0o004) !== 0
    ? `every user of this machine can read the ${holds} of ${flag}; to change that: ` +
      `chmod 600 ${name === hidden ? 'FILE' : shellQuote(name)}`
    : null

/** Reads the start of a file: at most one byte more than a key may have. Closes the file. */
const readStart = async (file: number, isPipe: boolean): Promise<Buffer> => {
  const stream: AsyncIterable<Buffer> = isPipe
    ? new Socket({ fd: file, readable: true, writable: false })
    : createReadStream('', { fd: file, end: maxBytes })
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    pieces.push(piece)
    length += piece.length
    if (length > maxBytes) break
  }
  return Buffer.concat(pieces)
}

const decode = (bytes: Buffer, name: string, { flag, holds }: FileFlag): Either<string, string> => {
  if (bytes.length > maxBytes)
    return E.left(`${flag}: ${name} holds no ${holds}: it is longer than 4 KiB`)
  const [first, second] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isUtf16 || bytes.includes(0))
    return E.left(`${flag}: ${name} is not UTF-8${isUtf16 ? ', but UTF-16' : ''}: save it as UTF-8`)
  const text = bytes.toString('utf8').trim()
  return text === '' ? E.left(`${flag}: ${name} holds no ${holds}: it is empty`) : E.right(text)
}
