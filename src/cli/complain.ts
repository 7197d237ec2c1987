import { defer, of, type Observable } from 'rxjs'
import type { UsageError } from './commandLine'
import { exitCode, type ExitCode } from './exitCode'
import type { Host } from './host'

/** Says what is wrong with the command line, and where to read on. */
export const complain$ = (host: Host, { topic, message }: UsageError): Observable<ExitCode> =>
  defer(() => {
    const command = topic === null ? 'upload-status' : `upload-status ${topic}`
    host.stderr.write(`${command}: ${message}\nRead on: ${command} --help\n`)
    return of(exitCode.usage)
  })
