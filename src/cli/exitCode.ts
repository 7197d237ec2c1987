import { reduce, type OperatorFunction } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import type { News } from './news'

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
    case 'late':
      return exitCode.completed
    case 'learned':
      if (E.isLeft(news.status)) return exitCode.unlearned
      return news.status.right.status === 'failed' ? exitCode.failed : exitCode.completed
    case 'unreadable':
      return exitCode.unlearned
  }
}

/** At the end, the gravest of all: not to know an end is graver than to know that it was bad. */
export const gravest = (): OperatorFunction<News, ExitCode> => news$ =>
  news$.pipe(
    reduce<News, ExitCode>((worst, news) => {
      const code = exitCodeOf(news)
      return code > worst ? code : worst
    }, exitCode.completed),
  )
