import * as E from 'fp-ts/lib/Either.js'
import { from, map, mergeMap, of, take, type Observable } from 'rxjs'
import type { UploadStatusWorkerOptions } from '../../bullmq'
import { jsonLine } from '../display/jsonLines'
import { reportUsageError$, warn } from './errors'
import type { ExitCode } from './exitCode'
import { findApiKey } from './givenKey'
import { programName, type Host } from './host'
import { proxyFetch } from './proxyFetch'
import { describeQueueError, loadBullmq } from './redis'
import type { WorkCommand } from './workArguments'

/**
 * Polls the uploads of a queue, and writes each end, until it is interrupted. Then it takes no more
 * jobs, waits for its requests, and emits the code; a second interruption ends it immediately.
 */
export const work$ = (
  command: WorkCommand,
  host: Host,
  interruption$: Observable<ExitCode>,
): Observable<ExitCode> =>
  from(settingsOf(command, host)).pipe(
    mergeMap(
      E.match(
        message => reportUsageError$(host, { topic: 'work', message }),
        ({ createUploadStatusWorker, options }) => {
          const worker = createUploadStatusWorker(options)
          return interruption$.pipe(
            mergeMap((code, nth) =>
              nth === 0 ? from(worker.close()).pipe(map(() => code)) : of(code),
            ),
          )
        },
      ),
    ),
    take(1),
  )

/** Returns the settings of a worker, or the reason why it cannot start. */
const settingsOf = async (command: WorkCommand, host: Host) => {
  const { redis, baseUrl, perMinute, deadline, attemptTimeout, notFoundGrace } = command
  const key = await findApiKey(command.keyFile, host.env)
  if (E.isLeft(key)) return key
  const fetch = proxyFetch(baseUrl, host.env)
  if (E.isLeft(fetch)) return fetch
  const bullmq = await loadBullmq(host)
  if (E.isLeft(bullmq)) return bullmq
  warn(host, key.right.warning)
  const options: UploadStatusWorkerOptions = {
    connection: { url: redis },
    apiKey: key.right.key,
    fetch: fetch.right,
    baseUrl,
    perMinute,
    deadline,
    attemptTimeout,
    notFoundGrace,
    onSettled: ({ id, ...tracked }) => {
      host.stdout.write(`${jsonLine({ kind: 'status', ...tracked }) ?? id}\n`)
      return Promise.resolve()
    },
    onError: reportOnce(host),
  }
  return E.right({ ...bullmq.right, options })
}

/** Writes consecutive equal errors once, because an unavailable Redis fails every second. */
const reportOnce = ({ stderr }: Host): ((error: unknown) => void) => {
  let last = ''
  return error => {
    const line = `${programName} work: ${describeQueueError(error)}\n`
    if (line !== last) stderr.write(line)
    last = line
  }
}
