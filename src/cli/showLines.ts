import { tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../pipeline/clock'
import type { News } from './news'
import { plain } from './display/terminal'
import type { Progress } from './display/progress'
import { layoutOf, rowLine } from './display/lines'

/** Writes each change as a line for people, where nothing can be drawn over. */
export const showLines = (
  output: Pick<NodeJS.WritableStream, 'write'>,
  progress: Progress,
): MonoTypeOperatorFunction<News> => {
  let longest = 0
  return tap(news => {
    const row = progress.learn(news)
    if (row === null) return
    longest = Math.max(longest, row.name.length)
    if (news.kind !== 'learned' && news.kind !== 'unreadable') return
    const layout = { ...layoutOf(longest, 80, plain), columns: Infinity }
    output.write(`${rowLine(row, monotonic(), layout)}\n`)
  })
}
