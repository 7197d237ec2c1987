import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../../api/status'
import * as E from '../../failure/either'

/** How much a reader knows of an upload: nothing, `pending`, `processing`, its end. It only grows. */
export type Known = 0 | 1 | 2 | 3

/** After which nothing follows. */
export const theEnd = 3

const after = { pending: 1, processing: 2, completed: theEnd, failed: theEnd } as const

/** How much is known after a value. */
export const knownAfter = (value: Either<unknown, UploadStatus>): Known =>
  E.isLeft(value) ? theEnd : after[value.right.status]

/**
 * The id of an event: a digit for each upload of the stream. It says what the reader knows and not
 * where in a stream it was, so that any relay can go on from it, a restarted one too.
 */
export const writeKnown = (all: readonly Known[]): string => all.join('')

const isKnown = (digit: number): digit is Known => digit <= theEnd

/** What a `Last-Event-ID` says of so many uploads; nothing, where it is no id of such a stream. */
export const readKnown = (id: string | null, uploads: number): readonly Known[] => {
  const digits = /^[0-3]+$/.test(id ?? '') ? Array.from(id ?? '', Number).filter(isKnown) : []
  return digits.length === uploads ? digits : Array<Known>(uploads).fill(0)
}
