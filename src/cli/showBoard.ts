import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../pipeline/clock'
import { boardLines, finalLines } from './board'
import { liveDisplay } from './liveDisplay'
import type { News } from './news'
import type { Paint } from './paint'
import type { Progress } from './progress'
import { sizeOf, type Screen } from './screen'

/**
 * Shows progress as a live board. At the end the board stays, with the reasons of what went wrong;
 * the cursor is given back in any case.
 */
export const showBoard =
  (screen: Screen, paint: Paint, progress: Progress): MonoTypeOperatorFunction<News> =>
  news$ =>
    defer(() => {
      const display = liveDisplay(screen, size =>
        boardLines(progress.rows(), monotonic(), size, paint),
      )
      const leave = (): void => {
        display.leave(finalLines(progress.rows(), monotonic(), sizeOf(screen), paint))
      }
      return news$.pipe(tap({ next: progress.learn, complete: leave }), finalize(display.close))
    })
