import * as E from 'fp-ts/lib/Either.js'
import { map, max, pipe, type OperatorFunction } from 'rxjs'
import type { Update } from '../display/updates'

/** The exit codes of the program. After a signal it is 128 plus the signal's number, as in shells. */
export const exitCode = {
  completed: 0,
  failed: 1,
  unknown: 2,
  usage: 64,
  unavailable: 69,
  defect: 70,
  output: 74,
  hungUp: 129,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** The exit code for a single update. */
export const exitCodeOf = (update: Update): ExitCode => {
  switch (update.kind) {
    case 'started':
    case 'removed':
    case 'event':
    case 'warning':
      return exitCode.completed
    case 'status':
      if (E.isLeft(update.status)) return exitCode.unknown
      return update.status.right.status === 'failed' ? exitCode.failed : exitCode.completed
    case 'invalidLine':
      return exitCode.unknown
    case 'unwritten':
      return exitCode.output
  }
}

/**
 * Emits the worst exit code when the source completes; nothing if the source was empty. An unknown
 * status is worse than a failed upload.
 */
export const worstExitCode = (): OperatorFunction<Update, ExitCode> => pipe(map(exitCodeOf), max())
