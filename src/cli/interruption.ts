import { fromEvent, map, merge, type Observable } from 'rxjs'
import { exitCode, type ExitCode } from './commands/exitCode'
import { codeOf } from './commands/errors'

/** What ends the program from outside: Ctrl-C, a request to terminate, a reader who has left. */
export const interruption$ = (program: NodeJS.Process): Observable<ExitCode> =>
  merge(
    fromEvent(program, 'SIGINT').pipe(map(() => exitCode.interrupted)),
    fromEvent(program, 'SIGTERM').pipe(map(() => exitCode.terminated)),
    fromEvent(program.stdout, 'error').pipe(
      map(error => {
        if (codeOf(error) === 'EPIPE') return exitCode.closedPipe
        throw error
      }),
    ),
  )
