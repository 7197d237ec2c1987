import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  catchError,
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
import { emptySnapshot, type ClientSnapshot } from '../../clientSnapshot'
import type { Fetch } from '../../http/fetch'
import { monotonic } from '../../runtime/clock'
import { showJson } from '../display/jsonLines'
import { showWarnings } from '../display/lines'
import { showProgress } from '../display/showProgress'
import { createProgress } from '../display/progress'
import { drained$ } from '../display/terminal'
import type { Update } from '../display/updates'
import { messageOf, reportUsageError$, warn } from './errors'
import { exitCode, exitCodeOf, worstExitCode, type ExitCode } from './exitCode'
import { followQueue$, NotAdded } from './followQueue'
import { followUploads$ } from './followUploads'
import { findApiKey } from './givenKey'
import type { Host } from './host'
import { proxyFetch } from './proxyFetch'
import { loadBullmq } from './redis'
import { readReferences$ } from './readReferences'
import { readState, saveState } from './stateFile'
import { checkUnfinished, saveUnfinished } from './unfinished'
import type { WatchCommand } from './watchArguments'

/** Watches uploads until all have ended, shows their progress, and emits the exit code. */
export const watch$ = (command: WatchCommand, host: Host): Observable<ExitCode> =>
  from(
    command.redis === undefined ? polled(command, host) : queued(command.redis, command, host),
  ).pipe(
    mergeMap(
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
                    `${command.readsInput ? 'standard input' : '--state'} holds no reference: ` +
                      'nothing to watch (--allow-empty accepts that)',
                  )
                : of(code),
            ),
            catchError((error: unknown) => {
              if (!(error instanceof NotAdded)) throw error
              return of(exitCode.unavailable)
            }),
          ),
      ),
    ),
  )

const usageError$ = (host: Host, message: string): Observable<ExitCode> =>
  reportUsageError$(host, { topic: 'watch', message })

type Updates = Either<string, Observable<Update>>

/** Printed when `watch -` reads from a terminal, where nothing else shows that it waits for input. */
const inputHint = 'type ACCOUNT UPLOAD or a polling URL, one on a line; Ctrl-D ends the list'

/** The references from standard input, if the command reads it. */
const input$ = ({ readsInput, baseUrl }: WatchCommand, host: Host) => {
  if (!readsInput) return EMPTY
  if (host.stdin.isTTY) warn(host, inputHint)
  return readReferences$(host.stdin, baseUrl, drained$(host.stdout))
}

/** Watches by polling in this program. */
const polled = async (command: WatchCommand, host: Host): Promise<Updates> => {
  const key = await findApiKey(command.keyFile, host.env)
  return pipe(
    E.Do,
    E.bind('apiKey', () => key),
    E.bind('fetch', () => proxyFetch(command.baseUrl, host.env)),
    E.chainFirst(() => checkUnfinished(command.unfinished)),
    E.bind('resume', () =>
      command.state === undefined ? E.right(emptySnapshot) : readState(command.state),
    ),
    E.chain(({ apiKey, fetch, resume }) => {
      warn(host, apiKey.warning)
      return updates$(command, host, apiKey.key, fetch, resume)
    }),
  )
}

/** Watches through a queue whose workers poll. */
const queued = async (url: string, command: WatchCommand, host: Host): Promise<Updates> => {
  const bullmq = await loadBullmq(host)
  return pipe(
    bullmq,
    E.chainFirst(() => checkUnfinished(command.unfinished)),
    E.map(bullmq =>
      followQueue$(concat(command.references.map(E.right), input$(command, host)), url, bullmq),
    ),
  )
}

/** Emits the updates. An option that the core rejects is a usage error. */
const updates$ = (
  command: WatchCommand,
  host: Host,
  apiKey: string,
  fetch: Fetch | undefined,
  resume: ClientSnapshot,
): Updates => {
  const { references, baseUrl, perMinute, deadline, attemptTimeout, notFoundGrace, state } = command
  return E.tryCatch(
    () =>
      followUploads$(
        concat([...resume.watches, ...references].map(E.right), input$(command, host)),
        {
          apiKey,
          baseUrl,
          fetch,
          deadline,
          attemptTimeout,
          notFoundGrace,
          perMinute,
          drained$: drained$(host.stdout),
          resume,
          ...(state !== undefined && {
            keep: snapshot => saveState(state, snapshot, host.stderr),
          }),
        },
      ),
    messageOf,
  )
}

/** Completes after the first update that means failure. */
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
        command.redis === undefined ? command : { ...command, perMinute: Infinity },
      )
