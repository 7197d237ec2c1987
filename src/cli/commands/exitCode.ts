import { map, max, pipe, type OperatorFunction } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import type { News } from '../news'

/** What the program ends with. From 128 on it is 128 and the number of a signal, as in shells. */
export const exitCode = {
  completed: 0,
  failed: 1,
  unlearned: 2,
  usage: 64,
  defect: 70,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** What one piece of news alone would end the program with. */
const exitCodeOf = (news: News): ExitCode => {
  switch (news.kind) {
    case 'begun':
    case 'happened':
    case 'warning':
      return exitCode.completed
    case 'learned':
      if (E.isLeft(news.status)) return exitCode.unlearned
      return news.status.right.status === 'failed' ? exitCode.failed : exitCode.completed
    case 'unreadable':
      return exitCode.unlearned
  }
}

/**
 * The worst exit code of all, at the end; none where there was no news. An end that is not known is
 * worse than one that failed.
 */
export const worstExitCode = (): OperatorFunction<News, ExitCode> => pipe(map(exitCodeOf), max())
