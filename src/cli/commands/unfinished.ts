import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { concat, defer, EMPTY, finalize, of, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { refName, type UploadRef } from '../../api/uploadRef'
import { isTerminal } from '../../api/status'
import { sanitize } from '../display/text'
import type { Update } from '../display/updates'
import { unwritable } from './fileError'

const failureOf = (file: string, write: () => void): string | null => {
  try {
    write()
    return null
  } catch (error) {
    return `--unfinished: ${sanitize(file, 200)} ${unwritable(error)}`
  }
}

/** Checks, before anything is sent, that a file can be written. Keeps its content. */
export const checkUnfinished = (file: string | undefined): Either<string, undefined> => {
  const failure =
    file === undefined
      ? null
      : failureOf(file, () => {
          closeSync(openSync(file, 'a'))
        })
  return failure === null ? E.right(undefined) : E.left(failure)
}

/**
 * Writes the references of the uploads whose end is not known, one per line, when the source ends
 * and when it is unsubscribed from. `watch -` reads such a file. The file is written at the end
 * alone, so it may be the standard input of the same run.
 */
export const saveUnfinished =
  (file: string | undefined, stderr: NodeJS.WritableStream): MonoTypeOperatorFunction<Update> =>
  update$ =>
    file === undefined
      ? update$
      : defer(() => {
          const unfinished = new Map<string, UploadRef>()
          let isSaved = false
          const save = (): string | null => {
            isSaved = true
            const lines = Array.from(unfinished.values(), ref => `${ref.account} ${ref.upload}\n`)
            return failureOf(file, () => {
              writeFileSync(file, lines.join(''))
            })
          }
          return concat(
            update$.pipe(
              tap(update => {
                if (update.kind === 'started') unfinished.set(refName(update.ref), update.ref)
                if (update.kind === 'removed') unfinished.delete(refName(update.ref))
                if (update.kind === 'status' && E.exists(isTerminal)(update.status))
                  unfinished.delete(refName(update))
              }),
            ),
            defer(() => {
              const message = save()
              return message === null ? EMPTY : of<Update>({ kind: 'unwritten', message })
            }),
          ).pipe(
            finalize(() => {
              const message = isSaved ? null : save()
              if (message !== null) stderr.write(`${message}\n`)
            }),
          )
        })
