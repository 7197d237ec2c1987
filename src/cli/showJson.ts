import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import type { Summary } from '../pipeline/summarize'
import { counted } from './display/updates'
import { jsonLine, summaryLine } from './display/json'
import type { News } from './news'

/**
 * Writes each status, and each failure to learn one, as a line of JSON, and at the end one that
 * counts the uploads, if there were any.
 */
export const showJson =
  (output: Pick<NodeJS.WritableStream, 'write'>): MonoTypeOperatorFunction<News> =>
  news$ =>
    defer(() => {
      let summary: Summary | null = null
      const write = (line: string | null): void => {
        if (line !== null) output.write(`${line}\n`)
      }
      return news$.pipe(
        counted(latest => {
          summary = latest
        }),
        tap({
          next: news => {
            write(jsonLine(news))
          },
          complete: () => {
            write(summary === null ? null : summaryLine(summary))
          },
        }),
      )
    })
