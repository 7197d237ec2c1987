import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Host } from './host'
import type { News } from './news'
import { painter } from './display/terminal'
import type { Progress } from './display/progress'
import { isLive } from './screen'
import { showBoard } from './showBoard'
import { showLines } from './showLines'
import { printWarnings } from './warnings'

/** Shows progress to people: as a live board where the terminal can, else line by line. */
export const showProgress = (
  { stdout, stderr, env }: Host,
  progress: Progress,
): MonoTypeOperatorFunction<News> =>
  isLive(stdout, env)
    ? showBoard(stdout, painter(env, true), progress)
    : news$ => news$.pipe(showLines(stdout, progress), printWarnings(stderr))
