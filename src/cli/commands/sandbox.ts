import { catchError, from, ignoreElements, mergeMap, of, tap, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { sandboxApiKey } from '../../sandbox'
import { complain$ } from '../complain'
import type { ExitCode } from './exitCode'
import type { Host } from '../host'
import { keyOfFile } from './apiKey'
import { openSandbox$ } from '../openSandbox'
import { commandOf } from './host'
import type { SandboxCommand } from './sandboxArguments'
import { greeting, logLine } from '../sandboxText'
import { messageOf } from './errors'

/** Runs a sandbox until it is interrupted. */
export const sandbox$ = (command: SandboxCommand, host: Host): Observable<ExitCode> => {
  const { keyFile } = command
  const key$ = keyFile === undefined ? of(E.right(sandboxApiKey)) : from(keyOfFile(keyFile))
  return key$.pipe(
    mergeMap(
      E.match(
        message => complain$(host, { topic: 'sandbox', message }),
        apiKey => serve$(command, apiKey, host),
      ),
    ),
  )
}

const serve$ = (
  { port, seed, failureRate, perMinute, pending, processing, keyFile }: SandboxCommand,
  apiKey: string,
  host: Host,
): Observable<ExitCode> =>
  openSandbox$({
    port,
    seed,
    failureRate,
    apiKey,
    durations: { pending, processing },
    rateLimit: perMinute === null ? null : { perMinute },
    on: event => {
      host.stdout.write(`${logLine(event, new Date())}\n`)
    },
  }).pipe(
    tap(sandbox => {
      host.stdout.write(greeting(sandbox, keyFile, commandOf(host)))
    }),
    ignoreElements(),
    // An option out of bounds, or a port that is taken: the sandbox names which.
    catchError((error: unknown) =>
      complain$(host, { topic: 'sandbox', message: messageOf(error) }),
    ),
  )
