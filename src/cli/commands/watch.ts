import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  concat,
  defaultIfEmpty,
  EMPTY,
  from,
  identity,
  mergeMap,
  of,
  takeWhile,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import type { Fetch } from '../../http/fetch'
import { monotonic } from '../../runtime/clock'
import { showJson } from '../display/jsonLines'
import { showWarnings } from '../display/lines'
import { showProgress } from '../display/liveBoard'
import { createProgress } from '../display/progress'
import { drained$ } from '../display/terminal'
import type { Update } from '../display/updates'
import { messageOf, reportUsageError$, warn } from './errors'
import { exitCode, exitCodeOf, worstExitCode, type ExitCode } from './exitCode'
import { followUploads$ } from './followUploads'
import { findApiKey } from './givenKey'
import type { Host } from './host'
import { proxyFetch } from './proxyFetch'
import { readReferences$ } from './references'
import { checkUnfinished, saveUnfinished } from './unfinished'
import type { WatchCommand } from './watchArguments'

/** Watches uploads until all have ended, shows their progress, and emits the exit code. */
export const watch$ = (command: WatchCommand, host: Host): Observable<ExitCode> =>
  from(findApiKey(command.keyFile, host.env)).pipe(
    mergeMap(key =>
      pipe(
        E.Do,
        E.bind('apiKey', () => key),
        E.bind('fetch', () => proxyFetch(command.baseUrl, host.env)),
        E.chainFirst(() => checkUnfinished(command.unfinished)),
        E.chain(({ apiKey, fetch }) => {
          warn(host, apiKey.warning)
          return updates$(command, host, apiKey.key, fetch)
        }),
        E.match(
          message => usageError$(host, message),
          update$ =>
            update$.pipe(
              command.failFast ? untilFirstFailure : identity,
              saveUnfinished(command.unfinished, host.stderr),
              show(command, host),
              worstExitCode(),
              defaultIfEmpty(command.allowEmpty ? exitCode.completed : null),
              mergeMap(code =>
                code === null
                  ? usageError$(
                      host,
                      'standard input holds no reference: nothing to watch (--allow-empty accepts that)',
                    )
                  : of(code),
              ),
            ),
        ),
      ),
    ),
  )

const usageError$ = (host: Host, message: string): Observable<ExitCode> =>
  reportUsageError$(host, { topic: 'watch', message })

/** An option that the core rejects is a usage error. */
const updates$ = (
  { references, readsInput, baseUrl, perMinute, ...command }: WatchCommand,
  { stdin, stdout }: Host,
  apiKey: string,
  fetch: Fetch | undefined,
): Either<string, Observable<Update>> => {
  const { deadline, attemptTimeout, notFoundGrace } = command
  const whenDrained$ = drained$(stdout)
  const input$ = readsInput ? readReferences$(stdin, baseUrl, whenDrained$) : EMPTY
  return E.tryCatch(
    () =>
      followUploads$(concat(references.map(E.right), input$), {
        apiKey,
        baseUrl,
        fetch,
        deadline,
        attemptTimeout,
        notFoundGrace,
        perMinute,
        drained$: whenDrained$,
      }),
    messageOf,
  )
}

/** Completes after the first update that makes the run no success. */
const untilFirstFailure: MonoTypeOperatorFunction<Update> = takeWhile(
  update => exitCodeOf(update) === exitCode.completed,
  true,
)

const show = (command: WatchCommand, host: Host): MonoTypeOperatorFunction<Update> =>
  command.json || !(host.stdout.isTTY || command.plain)
    ? update$ => update$.pipe(showJson(host.stdout, command), showWarnings(host.stderr))
    : showProgress(
        host,
        createProgress(({ upload }) => upload, monotonic),
        command,
      )
