import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { catchError, from, ignoreElements, mergeMap, tap, type Observable } from 'rxjs'
import { sandboxAccount, sandboxApiKey, type Sandbox, type SandboxEvent } from '../../sandbox'
import { uploadPath } from '../../sandbox/http/route'
import { sanitize } from '../display/text'
import { messageOf, reportUsageError$, warn } from './errors'
import type { ExitCode } from './exitCode'
import { findFileKey, keyVariable, type GivenKey } from './givenKey'
import { programCommand, shellQuote, type Host } from './host'
import { readKeyFile } from './keyFile'
import { openSandbox$ } from './openSandbox'
import type { SandboxCommand } from './sandboxArguments'

/** Runs a sandbox until unsubscribed. Emits only the exit code of a sandbox that could not start. */
export const sandbox$ = (command: SandboxCommand, host: Host): Observable<ExitCode> =>
  from(readSecrets(command)).pipe(
    mergeMap(
      E.match(
        message => reportUsageError$(host, { topic: 'sandbox', message }),
        ({ key, secret }) => {
          warn(host, key.warning)
          warn(host, secret.warning)
          return serve$(command, key.key, secret.text, host)
        },
      ),
    ),
  )

/** The secrets in the files of a command, with warnings about the files. */
interface Secrets {
  readonly key: GivenKey
  readonly secret: { readonly text: string | null; readonly warning: string | null }
}

const secretFileFlag = { flag: '--secret-file', holds: 'secret' }

const readSecrets = async ({
  keyFile,
  secretFile,
}: SandboxCommand): Promise<Either<string, Secrets>> => {
  const key =
    keyFile === undefined
      ? E.right({ key: sandboxApiKey, warning: null })
      : await findFileKey(keyFile)
  const secret =
    secretFile === undefined
      ? E.right({ text: null, warning: null })
      : await readKeyFile(secretFile, secretFileFlag)
  return sequenceS(E.Apply)({ key, secret })
}

const serve$ = (
  { port, seed, failureRate, credits, framing, ...command }: SandboxCommand,
  apiKey: string,
  secret: string | null,
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
    rateLimit:
      command.perMinute === null
        ? null
        : { perMinute: command.perMinute, window: command.window, lockout: command.lockout },
    webhooks: command.webhook === undefined ? null : { url: command.webhook, secret },
    on: event => {
      host.stdout.write(`${sandboxLogLine(event, new Date())}\n`)
    },
  }).pipe(
    tap(sandbox => {
      host.stdout.write(sandboxIntroduction(sandbox, command, programCommand(host)))
    }),
    ignoreElements(),
    // An option out of range, or a port in use: the message says which.
    catchError((error: unknown) =>
      reportUsageError$(host, { topic: 'sandbox', message: messageOf(error) }),
    ),
  )

/** The address of the sandbox, and commands to paste. The key of a `--key-file` is not shown. */
export const sandboxIntroduction = (
  { url, apiKey, accounts }: Pick<Sandbox, 'url' | 'apiKey' | 'accounts'>,
  { keyFile, webhook, secretFile }: Pick<SandboxCommand, 'keyFile' | 'webhook' | 'secretFile'>,
  command: string,
): string => {
  const description = keyFile === undefined ? `${apiKey} (no secret)` : 'the one in your file'
  const key = keyFile === undefined ? apiKey : `"$(cat ${shellQuote(keyFile)})"`
  // Another shell cannot read a pipe of this process again, such as the /dev/fd/63 of `<(...)`.
  const isPipe = /^\/(dev|proc)\//.test(keyFile ?? '')
  const where = 'another terminal, in the same folder'
  const paste = isPipe
    ? `export ${keyVariable} in ${where}, and paste this there:\n`
    : `paste this into ${where}:\n\nexport ${keyVariable}=${key}`
  const signed = secretFile === undefined ? 'not signed' : 'signed with the secret in your file'
  const events = webhook === undefined ? '' : `Events are sent to your webhook, ${signed}.\n`
  return `The sandbox is at ${url}
Its key is ${description}, its accounts are ${accounts.join(', ')}.
${events}
To start an upload and watch it, ${paste}
curl -sS -H "Authorization: Bearer $${keyVariable}" \\
  -F async=true -F file_url=https://example.com/clip.mp4 \\
  ${url}${uploadPath(sandboxAccount, 'vault')} |
  node -p 'JSON.parse(fs.readFileSync(0)).polling_url' |
  ${command} watch --base-url ${url} -

Ctrl-C ends it. Requests:
`
}

/** One request, one delivery, or one warning, as a line of the log. */
export const sandboxLogLine = (event: SandboxEvent, time: Date): string => {
  const clock = time.toTimeString().slice(0, 8)
  if (event.kind === 'warning') return `${clock}  warning: ${sanitize(event.message)}`
  const { status, upload } = event
  const isRequest = event.kind === 'request'
  return [
    `${clock} `,
    status === null ? '---' : String(status),
    ...(isRequest
      ? [sanitize(event.method), event.path ?? '(no such path)']
      : [`webhook ${event.event}`]),
    ...(upload === null ? [] : [upload]),
  ].join(' ')
}
