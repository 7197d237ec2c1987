import { tap, type MonoTypeOperatorFunction } from 'rxjs'
import { jsonLine } from './jsonLine'
import type { News } from './news'

/** Writes each status, and each failure to learn one, as a line of JSON. */
export const showJson = (
  output: Pick<NodeJS.WritableStream, 'write'>,
): MonoTypeOperatorFunction<News> =>
  tap(news => {
    const line = jsonLine(news)
    if (line !== null) output.write(`${line}\n`)
  })
