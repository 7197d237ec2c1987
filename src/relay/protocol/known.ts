import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../../api/status'
import * as E from '../../failure/either'

/** A reader's last known stage of an upload: none, `pending`, `processing`, ended. Never decreases. */
export type Known = 0 | 1 | 2 | 3

/** The stage of an upload that has ended. */
export const theEnd = 3

const after = { pending: 1, processing: 2, completed: theEnd, failed: theEnd } as const

/** The stage that a value brings. */
export const knownAfter = (value: Either<unknown, UploadStatus>): Known =>
  E.isLeft(value) ? theEnd : after[value.right.status]

/**
 * The id of an event: one digit for each upload of the stream. It states what the reader knows, not a
 * position in the stream, so any relay can resume from it, even after a restart.
 */
export const writeKnown = (all: readonly Known[]): string => all.join('')

const isKnown = (digit: number): digit is Known => digit <= theEnd

/** Parses a `Last-Event-ID` for this number of uploads. An invalid one counts as "nothing known". */
export const readKnown = (id: string | null, uploads: number): readonly Known[] => {
  const digits = /^[0-3]+$/.test(id ?? '') ? Array.from(id ?? '', Number).filter(isKnown) : []
  return digits.length === uploads ? digits : Array<Known>(uploads).fill(0)
}
