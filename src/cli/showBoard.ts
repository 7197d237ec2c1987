import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { monotonic } from '../pipeline/clock'
import { boardLines, finalLines } from './display/board'
import { counted, nothing } from './display/updates'
import { liveDisplay } from './display/liveBoard'
import type { News } from './news'
import type { Paint } from './display/terminal'
import type { Progress } from './display/progress'
import { sizeOf, type Screen } from './screen'

/**
 * Shows progress as a live board. At the end the board stays, with the reasons of what went wrong;
 * the cursor is given back in any case.
 */
export const showBoard =
  (screen: Screen, paint: Paint, progress: Progress): MonoTypeOperatorFunction<News> =>
  news$ =>
    defer(() => {
      let summary = nothing
      const display = liveDisplay(screen, size =>
        boardLines(progress.rows(), summary, monotonic(), size, paint),
      )
      const show = (news: News): void => {
        progress.learn(news)
        if (news.kind === 'warning') display.say(news.message)
      }
      const leave = (): void => {
        display.leave(finalLines(progress.rows(), summary, monotonic(), sizeOf(screen), paint))
      }
      return news$.pipe(
        counted(latest => {
          summary = latest
        }),
        tap({ next: show, complete: leave }),
        finalize(display.close),
      )
    })
