import * as E from 'fp-ts/lib/Either.js'
import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import type { Summary } from '../../operators/summarize'
import { tapSummary, type Update } from './updates'

/**
 * Writes JSON Lines: one line for each status and each failure, and at the end one line with the
 * summary, if there was any upload.
 */
export const showJson =
  (output: Pick<NodeJS.WritableStream, 'write'>): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      let latest: Summary | null = null
      const write = (line: string | null): void => {
        if (line !== null) output.write(`${line}\n`)
      }
      return update$.pipe(
        tapSummary(summary => {
          latest = summary
        }),
        tap({
          next: update => {
            write(jsonLine(update))
          },
          complete: () => {
            write(latest === null ? null : toJson({ summary: latest }))
          },
        }),
      )
    })

/**
 * A status or a failure as one line of JSON; null for all other updates. An invalid line of
 * standard input is identified by its number.
 */
export const jsonLine = (update: Update): string | null => {
  switch (update.kind) {
    case 'started':
    case 'event':
    case 'warning':
      return null
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
