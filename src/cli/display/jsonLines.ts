import * as E from 'fp-ts/lib/Either.js'
import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { isAttempt } from './attempts'
import { noTotals, tapTotals } from './totals'
import { tapEnd, type Update } from './updates'

/** The level of detail of the output. */
export interface Detail {
  /** Whether to write only the summary. */
  readonly summaryOnly: boolean
  /** Whether to write attempts as well. */
  readonly verbose: boolean
  /** Whether to write a summary even without uploads. */
  readonly allowEmpty: boolean
}

/**
 * Writes JSON Lines: one line for each status and each failure, and at the end, or when the run is
 * interrupted, one line with the summary, if there was any upload.
 */
export const showJson =
  (
    output: Pick<NodeJS.WritableStream, 'write'>,
    { summaryOnly, verbose, allowEmpty }: Detail,
  ): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      let totals = noTotals
      const write = (line: string | null): void => {
        if (line !== null) output.write(`${line}\n`)
      }
      return update$.pipe(
        tapTotals(latest => {
          totals = latest
        }),
        tap(update => {
          if (!summaryOnly) write(jsonLine(update) ?? (verbose ? jsonEvent(update) : null))
        }),
        tapEnd(() => {
          if (totals.total > 0 || allowEmpty) write(toJson({ summary: totals }))
        }),
      )
    })

/** An attempt, or the wait for the next, as one line of JSON; null for all other updates. */
const jsonEvent = (update: Update): string | null => {
  if (update.kind !== 'event' || !isAttempt(update.event)) return null
  const { account, upload, ...event } = update.event
  return toJson({ account, upload, event })
}

/**
 * A status or a failure as one line of JSON; null for all other updates. An invalid line of
 * standard input is identified by its number.
 */
export const jsonLine = (update: Update): string | null => {
  switch (update.kind) {
    case 'started':
    case 'event':
    case 'warning':
    case 'unwritten':
      return null
    case 'removed':
      return toJson({ ...update.ref, removed: true })
    case 'status': {
      const { account, upload, status } = update
      return toJson(
        E.isLeft(status)
          ? { account, upload, failure: status.left }
          : { account, upload, status: status.right },
      )
    }
    case 'invalidLine': {
      const { line, failure } = update
      return toJson({ account: null, upload: null, line, failure })
    }
  }
}

/** Control and format characters that `JSON.stringify` does not escape; a terminal obeys some. */
const unescaped = /[\x7f-\x9f\u2028\u2029\p{Cf}]/gu

const escape = (character: string): string =>
  character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

const toJson = (value: object): string => JSON.stringify(value).replace(unescaped, escape)
