import { defer, of, type Observable } from 'rxjs'
import type { UsageError } from './parseArguments'
import { exitCode, type ExitCode } from './commands/exitCode'
import type { Host } from './host'
import { commandOf, programName } from './commands/host'

/** Says what is wrong with the command line, and where to read on. */
export const complain$ = (host: Host, { topic, message }: UsageError): Observable<ExitCode> =>
  defer(() => {
    const command = topic === null ? '' : ` ${topic}`
    host.stderr.write(
      `${programName}${command}: ${message}\n` + `Read on: ${commandOf(host)}${command} --help\n`,
    )
    return of(exitCode.usage)
  })
