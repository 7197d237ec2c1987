import * as E from 'fp-ts/lib/Either.js'
import { catchError, from, ignoreElements, mergeMap, Observable, of, tap } from 'rxjs'
import {
  sandboxAccount,
  sandboxApiKey,
  startSandbox,
  type Sandbox,
  type SandboxEvent,
  type SandboxOptions,
} from '../../sandbox'
import { uploadPath } from '../../sandbox/http/route'
import { sanitize } from '../display/text'
import { messageOf, reportUsageError$, warn } from './errors'
import type { ExitCode } from './exitCode'
import { findFileKey, keyVariable } from './givenKey'
import { programCommand, shellQuote, type Host } from './host'
import type { SandboxCommand } from './sandboxArguments'

/** Runs a sandbox until unsubscribed. Emits only the exit code of a sandbox that could not start. */
export const sandbox$ = (command: SandboxCommand, host: Host): Observable<ExitCode> => {
  const { keyFile } = command
  const key$ =
    keyFile === undefined
      ? of(E.right({ key: sandboxApiKey, warning: null }))
      : from(findFileKey(keyFile))
  return key$.pipe(
    mergeMap(
      E.match(
        message => reportUsageError$(host, { topic: 'sandbox', message }),
        ({ key, warning }) => {
          warn(host, warning)
          return serve$(command, key, host)
        },
      ),
    ),
  )
}

const serve$ = (
  { port, seed, failureRate, credits, framing, ...command }: SandboxCommand,
  apiKey: string,
  host: Host,
): Observable<ExitCode> =>
  openSandbox$({
    port,
    seed,
    failureRate,
    credits,
    framing,
    apiKey,
    durations: { pending: command.pending, processing: command.processing },
    rateLimit: command.perMinute,
    on: event => {
      host.stdout.write(`${sandboxLogLine(event, new Date())}\n`)
    },
  }).pipe(
    tap(sandbox => {
      host.stdout.write(sandboxIntroduction(sandbox, command.keyFile, programCommand(host)))
    }),
    ignoreElements(),
    // An option out of range, or a port in use: the message says which.
    catchError((error: unknown) =>
      reportUsageError$(host, { topic: 'sandbox', message: messageOf(error) }),
    ),
  )

/** Emits a running sandbox; unsubscribing closes it. Errors if it cannot start. */
export const openSandbox$ = (options: SandboxOptions): Observable<Sandbox> =>
  new Observable(subscriber => {
    const starting = startSandbox(options)
    starting.then(
      sandbox => {
        subscriber.next(sandbox)
      },
      (error: unknown) => {
        subscriber.error(error)
      },
    )
    return () => {
      starting.then(
        sandbox => sandbox.close(),
        () => undefined,
      )
    }
  })

/** The address of the sandbox, and commands to paste. The key of a `--key-file` is not shown. */
export const sandboxIntroduction = (
  { url, apiKey, accounts }: Pick<Sandbox, 'url' | 'apiKey' | 'accounts'>,
  keyFile: string | undefined,
  command: string,
): string => {
  const [description, key] =
    keyFile === undefined
      ? [`${apiKey} (no secret)`, apiKey]
      : ['the one in your file', `"$(cat ${shellQuote(keyFile)})"`]
  return `The sandbox is at ${url}
Its key is ${description}, its accounts are ${accounts.join(', ')}.

To start an upload and watch it, paste this into another terminal, in the same folder:

export ${keyVariable}=${key}
curl -sS -H "Authorization: Bearer $${keyVariable}" \\
  -F async=true -F file_url=https://example.com/clip.mp4 \\
  ${url}${uploadPath(sandboxAccount, 'vault')} |
  node -p 'JSON.parse(fs.readFileSync(0)).polling_url' |
  ${command} watch --base-url ${url} -

Ctrl-C ends it. Requests:
`
}

/** One request, or one warning, as a line of the log. */
export const sandboxLogLine = (event: SandboxEvent, time: Date): string => {
  const clock = time.toTimeString().slice(0, 8)
  if (event.kind === 'warning') return `${clock}  warning: ${sanitize(event.message)}`
  const { method, path, status, upload } = event
  return [
    `${clock} `,
    status === null ? '---' : String(status),
    sanitize(method),
    path ?? '(no such path)',
    ...(upload === null ? [] : [upload]),
  ].join(' ')
}
