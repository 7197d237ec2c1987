import type { Either } from 'fp-ts/Either'
import { concat, EMPTY, from, mergeMap, type MonoTypeOperatorFunction, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { monotonic } from '../pipeline/clock'
import { complain$ } from './complain'
import { gravest, type ExitCode } from './exitCode'
import { follow$ } from './follow'
import type { Host } from './host'
import { findKey } from './key'
import { warnOfLateness } from './lateness'
import type { News } from './news'
import { createProgress } from './progress'
import { referenceLines$ } from './referenceLines'
import { roomIn$ } from './room'
import { showJson } from './showJson'
import { showProgress } from './showProgress'
import { messageOf } from './thrown'
import type { WatchCommand } from './watchArguments'

/** Watches uploads to their ends, and gives the exit code that these come to. */
export const watch$ = (command: WatchCommand, host: Host): Observable<ExitCode> =>
  from(findKey(command.keyFile, host.env)).pipe(
    mergeMap(key =>
      pipe(
        key,
        E.chain(apiKey => newsOf(command, host, apiKey)),
        E.match(
          message => complain$(host, { topic: 'watch', message }),
          news$ => news$.pipe(shown(command, host), gravest()),
        ),
      ),
    ),
  )

/** What the core has against an option is a matter of usage. */
const newsOf = (
  { references, readsInput, baseUrl, perMinute, ...command }: WatchCommand,
  { stdin, stdout }: Host,
  apiKey: string,
): Either<string, Observable<News>> => {
  const { deadline, attemptTimeout, notFoundGrace } = command
  const room$ = roomIn$(stdout)
  const input$ = readsInput ? referenceLines$(stdin, baseUrl, room$) : EMPTY
  return E.tryCatch(
    () =>
      follow$(concat(references.map(E.right), input$), {
        apiKey,
        baseUrl,
        deadline,
        attemptTimeout,
        notFoundGrace,
        perMinute,
        room$,
      }),
    messageOf,
  )
}

const shown = ({ json }: WatchCommand, host: Host): MonoTypeOperatorFunction<News> =>
  json || !host.stdout.isTTY
    ? news$ => news$.pipe(showJson(host.stdout), warnOfLateness(host.stderr))
    : showProgress(
        host,
        createProgress(({ upload }) => upload, monotonic),
      )
