import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Observable, Subject, throttleTime, type MonoTypeOperatorFunction } from 'rxjs'
import { isRecord } from '../../api/parseJson'
import { checkedSnapshot, emptySnapshot, type ClientSnapshot } from '../../clientSnapshot'
import { sanitize } from '../display/text'
import type { Update } from '../display/updates'
import { messageOf } from './errors'
import { unreadable, unwritable } from './fileError'

/** The minimum time, in ms, between two saves of a run. */
const saveInterval = 5_000

const named = (path: string): string => `--state: ${sanitize(path, 200)}`

/** Replaces a file atomically, so that a crash keeps the old one. Only its owner may read it. */
const replaceFile = (path: string, text: string): void => {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** The path behind a link; the path itself if there is no such file yet. */
const targetOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const textFor = (snapshot: ClientSnapshot): string => `${JSON.stringify(snapshot)}\n`

/** Writes the file. Returns an error message, or null on success. */
const write = (path: string, text: string): string | null => {
  try {
    replaceFile(targetOf(path), text)
    return null
  } catch (error) {
    return `${named(path)} ${unwritable(error)}`
  }
}

/** The text of a file; null if there is none yet. A device or a folder would be replaced by a file. */
const textOf = (path: string): Either<string, string | null> => {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return E.right(null)
    return stats.isFile()
      ? E.right(readFileSync(path, 'utf8'))
      : E.left(`${named(path)} cannot be read: it is not a regular file`)
  } catch (error) {
    return E.left(`${named(path)} ${unreadable(error)}`)
  }
}

const parse = (path: string, text: string): Either<string, ClientSnapshot> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => `${named(path)} is not JSON: remove it, or give another file`,
    ),
    E.filterOrElse(
      value => isRecord(value) && 'v' in value,
      () => `${named(path)} is not written by --state: give another file`,
    ),
    E.chain(value => E.tryCatch(() => checkedSnapshot(value, named(path)), messageOf)),
  )

/**
 * Reads the watches of an earlier run; none if there is no such file yet. Before anything is sent, it
 * also checks that the file can be written.
 */
export const readState = (path: string): Either<string, ClientSnapshot> =>
  pipe(
    textOf(path),
    E.chain(text => (text === null ? E.right(emptySnapshot) : parse(path, text))),
    E.chainFirst(snapshot => {
      const message = write(path, textFor(snapshot))
      return message === null ? E.right(undefined) : E.left(message)
    }),
  )

/**
 * Writes what is watched to a file: at the first update, from then on every 5 s if there were any, and
 * at the end, also when the source is unsubscribed from. Warns once if another run writes the same file:
 * then the watches of only one of them are saved.
 *
 * @param snapshot is called before the source is unsubscribed from
 */
export const saveState =
  (
    path: string,
    snapshot: () => ClientSnapshot,
    stderr: NodeJS.WritableStream,
  ): MonoTypeOperatorFunction<Update> =>
  update$ =>
    new Observable(subscriber => {
      const updated$ = new Subject<void>()
      let written: string | null = null
      let isShared = false
      const warnIfShared = (): void => {
        const isOurs = E.match(
          () => true,
          (text: string | null) => text === null || text === written,
        )
        if (isShared || written === null || isOurs(textOf(path))) return
        isShared = true
        const message = `${named(path)} was replaced by another run: give each run its own file`
        subscriber.next({ kind: 'warning', message })
      }
      const save = (): string | null => {
        warnIfShared()
        const text = textFor(snapshot())
        const message = write(path, text)
        if (message === null) written = text
        return message
      }
      let isOver = false
      const error = (defect: unknown): void => {
        subscriber.error(defect)
      }
      const saving = updated$
        .pipe(throttleTime(saveInterval, undefined, { leading: true, trailing: true }))
        .subscribe({ next: save, error })
      const running = update$.subscribe({
        next: update => {
          subscriber.next(update)
          updated$.next()
        },
        error,
        complete: () => {
          isOver = true
          const message = save()
          if (message !== null) subscriber.next({ kind: 'unwritten', message })
          subscriber.complete()
        },
      })
      return () => {
        saving.unsubscribe()
        const message = isOver ? null : save()
        if (message !== null) stderr.write(`${message}\n`)
        running.unsubscribe()
      }
    })
