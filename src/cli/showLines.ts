import { tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../pipeline/clock'
import type { News } from './news'
import { plain } from './paint'
import type { Progress } from './progress'
import { layoutOf, rowLine } from './rowLine'

/** Writes each change as a line for people, where nothing can be drawn over. */
export const showLines = (
  output: Pick<NodeJS.WritableStream, 'write'>,
  progress: Progress,
): MonoTypeOperatorFunction<News> =>
  tap(news => {
    const row = progress.learn(news)
    if (news.kind !== 'learned' && news.kind !== 'unreadable') return
    const layout = { ...layoutOf(progress.rows(), 80, plain), columns: Infinity }
    output.write(`${rowLine(row, monotonic(), layout)}\n`)
  })
