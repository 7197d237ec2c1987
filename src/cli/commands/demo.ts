import * as E from 'fp-ts/lib/Either.js'
import {
  concatMap,
  EMPTY,
  filter,
  from,
  map,
  mergeMap,
  take,
  tap,
  toArray,
  type Observable,
} from 'rxjs'
import { refName, type UploadRef } from '../../api/uploadRef'
import { monotonic } from '../../runtime/clock'
import type { Sandbox } from '../../sandbox'
import { formatDuration } from '../display/format'
import { showProgress } from '../display/showProgress'
import { createProgress } from '../display/progress'
import { rowAge, type Row } from '../display/row'
import type { Update } from '../display/updates'
import {
  demoDurations,
  demoScenarios,
  demoUploads,
  expectedFailure,
  startDemoUpload,
} from './demoUploads'
import { worstExitCode, type ExitCode } from './exitCode'
import { followUploads$ } from './followUploads'
import { programCommand, type Host } from './host'
import { openSandbox$ } from './openSandbox'

/** A rate that the demo never reaches, so that no request waits for the budget. */
const perMinute = 600

/** Uploads to its own sandbox, watches the uploads until they end, and explains what happened. */
export const demo$ = (host: Host): Observable<ExitCode> =>
  openSandbox$({ durations: demoDurations, scenarios: demoScenarios }).pipe(
    tap(({ url }) => {
      host.stdout.write(introduction(url))
    }),
    mergeMap(sandbox =>
      startUploads$(sandbox, host).pipe(mergeMap(started => watch$(sandbox, started, host))),
    ),
    take(1),
  )

const introduction = (url: string): string =>
  `A sandbox of the API runs at ${url}, on this machine only.\n` +
  `Uploading a file and ${String(demoUploads.length - 1)} URLs to it. One is to fail.\n\n`

interface StartedUpload {
  readonly ref: UploadRef
  readonly fileName: string
}

const startUploads$ = (sandbox: Sandbox, { argv }: Host): Observable<readonly StartedUpload[]> =>
  from(demoUploads).pipe(
    concatMap(async upload => ({
      ref: await startDemoUpload(sandbox, upload, argv[1] ?? ''),
      fileName: upload.fileName,
    })),
    toArray(),
  )

const watch$ = (
  { url, apiKey }: Sandbox,
  started: readonly StartedUpload[],
  host: Host,
): Observable<ExitCode> => {
  const names = new Map(started.map(({ ref, fileName }) => [refName(ref), fileName]))
  const nameOf = (ref: UploadRef): string => names.get(refName(ref)) ?? ref.upload
  const progress = createProgress(nameOf, monotonic)
  const isExpectedFailure = (update: Update): boolean =>
    update.kind === 'status' && nameOf(update) === expectedFailure
  return followUploads$(from(started).pipe(map(({ ref }) => E.right(ref))), {
    baseUrl: url,
    apiKey,
    perMinute,
    drained$: EMPTY,
  }).pipe(
    showProgress(host, progress, { plain: false, summaryOnly: false, verbose: false, perMinute }),
    filter(update => !isExpectedFailure(update)),
    worstExitCode(),
    tap(() => {
      host.stdout.write(summary(progress.rows(), monotonic(), programCommand(host)))
    }),
  )
}

const summary = (rows: readonly Row[], now: number, command: string): string => {
  const sum = (count: (row: Row) => number): string =>
    String(rows.reduce((total, row) => total + count(row), 0))
  return [
    '',
    'What happened:',
    '',
    ...rows.map(row => `${outcome(row, now)}\n    ${story(row)}`),
    '',
    `Requests: ${String(rows.length)} to start the uploads, ` +
      `${sum(row => row.attempts)} to watch them, ${sum(row => row.retries)} of these retries.`,
    rows.some(({ state }) => state === 'unknown')
      ? 'The status of an upload is unknown. That was not part of the demo.'
      : 'No upload was lost, and each watch ended with the answer.',
    '',
    'Next, run this and paste the lines that it prints:',
    '',
    `  ${command} sandbox`,
    '',
  ].join('\n')
}

const outcome = (row: Row, now: number): string => {
  const { name, state, attempts, retries } = row
  const age = formatDuration(rowAge(row, now))
  const noun = retries === 1 ? 'a retry' : 'retries'
  return (
    `  ${name}: ${state} after ${age} and ${String(attempts)} requests` +
    (retries === 0 ? '.' : `, ${String(retries)} of them ${noun}.`)
  )
}

const story = ({ name }: Row): string =>
  demoUploads.find(({ fileName }) => fileName === name)?.story ?? ''
