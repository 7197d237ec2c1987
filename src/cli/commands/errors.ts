import { defer, of, type Observable } from 'rxjs'
import { isRecord } from '../../api/parseJson'
import { exitCode, type ExitCode } from './exitCode'
import { programCommand, programName, type Host } from './host'

/** The command that a help text or an error is about; null means the whole program. */
export type Topic = 'watch' | 'work' | 'sandbox' | 'demo' | 'completion' | null

/** An error in the command line or in the environment, found before any request. */
export interface UsageError {
  readonly topic: Topic
  readonly message: string
}

/** Writes a usage error and the command that shows the help. Emits the exit code. */
export const reportUsageError$ = (
  host: Host,
  { topic, message }: UsageError,
): Observable<ExitCode> =>
  defer(() => {
    const command = topic === null ? '' : ` ${topic}`
    host.stderr.write(
      `${programName}${command}: ${message}\nHelp: ${programCommand(host)}${command} --help\n`,
    )
    return of(exitCode.usage)
  })

/** Writes a warning before the program starts its work; null means none. */
export const warn = ({ stderr }: Host, message: string | null): void => {
  if (message !== null) stderr.write(`${programName}: ${message}\n`)
}

/** Returns the message of a thrown value. */
export const messageOf = (thrown: unknown): string =>
  isRecord(thrown) && typeof thrown['message'] === 'string' ? thrown['message'] : String(thrown)

/** Returns the code of a Node error, such as `ENOENT`; empty if there is none. */
export const codeOf = (thrown: unknown): string =>
  isRecord(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : ''
