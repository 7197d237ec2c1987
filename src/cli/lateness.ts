import { tap, type MonoTypeOperatorFunction } from 'rxjs'
import type { News } from './news'
import { programName } from './programName'

/** Why what people look at goes slowly. */
export const lateness = (rate: number): string =>
  `polls come late: more of them are due than ${String(rate)} requests a minute allow`

/** Warns of it in a line, where the news is written to another stream. */
export const warnOfLateness = (
  output: Pick<NodeJS.WritableStream, 'write'>,
): MonoTypeOperatorFunction<News> =>
  tap(news => {
    if (news.kind === 'late') output.write(`${programName}: ${lateness(news.rate)}\n`)
  })
