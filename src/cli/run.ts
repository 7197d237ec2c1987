import { defer, of, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { version } from '../../package.json'
import { parseCommandLine, type Command } from './parseArguments'
import { complain$ } from './complain'
import { demo$ } from './commands/demo'
import { exitCode, type ExitCode } from './commands/exitCode'
import { helpOn } from './help'
import type { Host } from './host'
import { commandOf } from './commands/host'
import { sandbox$ } from './commands/sandbox'
import { watch$ } from './commands/watch'

/** Does what the arguments ask for: emits the exit code and completes. Unsubscribing stops it. */
export const run$ = (args: readonly string[], host: Host): Observable<ExitCode> =>
  pipe(
    parseCommandLine(args),
    E.match(
      error => complain$(host, error),
      command => perform$(command, host),
    ),
  )

const perform$ = (command: Command, host: Host): Observable<ExitCode> => {
  switch (command.kind) {
    case 'watch':
      return watch$(command, host)
    case 'sandbox':
      return sandbox$(command, host)
    case 'demo':
      return demo$(host)
    case 'help':
      return say$(host, helpOn(command.topic, commandOf(host)))
    case 'version':
      return say$(host, `${version}\n`)
  }
}

const say$ = ({ stdout }: Host, text: string): Observable<ExitCode> =>
  defer(() => {
    stdout.write(text)
    return of(exitCode.completed)
  })
