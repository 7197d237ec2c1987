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
import * as E from 'fp-ts/lib/Either.js'
import { refName, type UploadRef } from '../../model/identifier'
import { monotonic } from '../../pipeline/clock'
import type { Sandbox } from '../../sandbox'
import { demoSummary } from '../demoSummary'
import { demoDurations, demoScenarios, demoUploads, failsOnPurpose } from './demoUploads'
import { worstExitCode, type ExitCode } from './exitCode'
import { follow$ } from './followUploads'
import type { Host } from '../host'
import type { News } from '../news'
import { openSandbox$ } from '../openSandbox'
import { commandOf } from './host'
import { createProgress } from '../display/progress'
import { showProgress } from '../showProgress'
import { startDemoUpload } from '../startDemoUpload'

/** More than the demo makes: it is not about waiting for a budget. */
const requestsPerMinute = 600

/** Uploads to a sandbox of its own, watches to the end, and says what happened. */
export const demo$ = (host: Host): Observable<ExitCode> =>
  openSandbox$({ durations: demoDurations, scenarios: demoScenarios }).pipe(
    tap(({ url }) => {
      host.stdout.write(introduction(url))
    }),
    mergeMap(sandbox =>
      start$(sandbox, host).pipe(mergeMap(started => watchAll$(sandbox, started, host))),
    ),
    take(1),
  )

const introduction = (url: string): string =>
  `A sandbox of the API runs at ${url}, on this machine only.\n` +
  `Uploading a file and ${String(demoUploads.length - 1)} URLs to it. One is to fail.\n\n`

/** An upload that was started, and the name that it is shown by. */
interface Started {
  readonly ref: UploadRef
  readonly name: string
}

const start$ = (sandbox: Sandbox, { argv }: Host): Observable<readonly Started[]> =>
  from(demoUploads).pipe(
    concatMap(async upload => ({
      ref: await startDemoUpload(sandbox, upload, argv[1] ?? ''),
      name: upload.fileName,
    })),
    toArray(),
  )

const watchAll$ = (
  { url, apiKey }: Sandbox,
  started: readonly Started[],
  host: Host,
): Observable<ExitCode> => {
  const names = new Map(started.map(({ ref, name }) => [refName(ref), name]))
  const nameOf = (ref: UploadRef): string => names.get(refName(ref)) ?? ref.upload
  const progress = createProgress(nameOf, monotonic)
  const isOnPurpose = (news: News): boolean =>
    news.kind === 'learned' && nameOf(news) === failsOnPurpose
  return follow$(from(started).pipe(map(({ ref }) => E.right(ref))), {
    baseUrl: url,
    apiKey,
    perMinute: requestsPerMinute,
    room$: EMPTY,
  }).pipe(
    showProgress(host, progress),
    filter(news => !isOnPurpose(news)),
    worstExitCode(),
    tap(() => {
      host.stdout.write(demoSummary(progress.rows(), monotonic(), commandOf(host)))
    }),
  )
}
