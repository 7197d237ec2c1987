import type { Either } from 'fp-ts/Either'
import {
  concat,
  defaultIfEmpty,
  EMPTY,
  from,
  mergeMap,
  of,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { monotonic } from '../../pipeline/clock'
import type { Fetch } from '../../pipeline/fetch'
import { complain$ } from '../complain'
import { worstExitCode, type ExitCode } from './exitCode'
import { follow$ } from './followUploads'
import type { Host } from '../host'
import { findKey } from './apiKey'
import type { News } from '../news'
import { createProgress } from '../display/progress'
import { proxyFetch } from './proxyFetch'
import { referenceLines$ } from './references'
import { roomIn$ } from '../room'
import { showJson } from '../showJson'
import { showProgress } from '../showProgress'
import { messageOf } from './errors'
import { printWarnings } from '../warnings'
import type { WatchCommand } from './watchArguments'

/** Watches uploads to their ends, and gives the exit code that these come to. */
export const watch$ = (command: WatchCommand, host: Host): Observable<ExitCode> =>
  from(findKey(command.keyFile, host.env)).pipe(
    mergeMap(key =>
      pipe(
        key,
        E.chain(apiKey =>
          E.chain((fetch: Fetch | undefined) => newsOf(command, host, apiKey, fetch))(
            proxyFetch(command.baseUrl, host.env),
          ),
        ),
        E.match(
          message => refuse$(host, message),
          news$ =>
            news$.pipe(
              shown(command, host),
              worstExitCode(),
              defaultIfEmpty(null),
              mergeMap(code => (code === null ? refuse$(host, emptyInput) : of(code))),
            ),
        ),
      ),
    ),
  )

const refuse$ = (host: Host, message: string): Observable<ExitCode> =>
  complain$(host, { topic: 'watch', message })

const emptyInput = 'standard input holds no reference: nothing to watch'

/** What the core has against an option is a matter of usage. */
const newsOf = (
  { references, readsInput, baseUrl, perMinute, ...command }: WatchCommand,
  { stdin, stdout }: Host,
  apiKey: string,
  fetch: Fetch | undefined,
): Either<string, Observable<News>> => {
  const { deadline, attemptTimeout, notFoundGrace } = command
  const room$ = roomIn$(stdout)
  const input$ = readsInput ? referenceLines$(stdin, baseUrl, room$) : EMPTY
  return E.tryCatch(
    () =>
      follow$(concat(references.map(E.right), input$), {
        apiKey,
        baseUrl,
        fetch,
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
    ? news$ => news$.pipe(showJson(host.stdout), printWarnings(host.stderr))
    : showProgress(
        host,
        createProgress(({ upload }) => upload, monotonic),
      )
