import type { Either } from 'fp-ts/Either'
import {
  defer,
  EMPTY,
  finalize,
  interval,
  map,
  materialize,
  merge,
  mergeMap,
  takeUntil,
  timer,
  toArray,
  type Observable,
} from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatus$,
  type Failure,
  type RequestBudget,
  type UploadStatus,
  type UploadStatusClient,
  type WatchOptions,
} from 'rx-upload-status'
import { howItWent } from './howItWent'
import type { Premises } from './sandboxProgram'
import { scenarios } from './scenarios'

type Watch$ = Observable<Either<Failure, UploadStatus>>

/** A pseudo-random number from 0 up to 1 for a name. */
export type Draw = (name: string) => number

/** Objects that outlive every round, which could keep watches alive. */
export interface Standing {
  readonly signal: AbortSignal
  readonly budget: RequestBudget
  /** Advances the clock of the budget by a minute, so that its window is empty. */
  readonly passMinute: () => void
  readonly clients: readonly UploadStatusClient[]
}

/** Fast enough to meet many faults and to end soon. Milliseconds. */
const pace: WatchOptions = {
  schedule: spaced(60),
  retry: { retries: 3, base: 20, cap: 200 },
  attemptTimeout: 400,
  deadline: 2_500,
}

/** Node's own fetch. */
export const ownFetch: WatchOptions['fetch'] = (url, init) => globalThis.fetch(url, init)

/** Creates the objects that outlive the rounds, for this address. */
export const standingAt = ({ url, apiKey }: Premises, signal: AbortSignal): Standing => {
  let ahead = 0
  const clock = (): number => performance.now() + ahead
  const budget = requestBudget({ perMinute: 100_000, inFlight: 24, clock })
  const shared = { ...pace, baseUrl: url, apiKey, budget, signal }
  return {
    signal,
    budget,
    passMinute: () => {
      ahead += 60_000
      budget.admit(EMPTY).subscribe()
    },
    clients: [
      createUploadStatusClient(shared),
      createUploadStatusClient({ ...shared, fetch: ownFetch }),
    ],
  }
}

/**
 * Visitors arrive at random moments, watch uploads in a random way, and leave at random moments or stay
 * to the end. Emits how each watch ended; completes when all have left.
 */
export const visits$ = (
  count: number,
  { url: baseUrl, apiKey, account, uploads }: Premises,
  standing: Standing,
  draw: Draw,
): Observable<string> => {
  const pick = <A>(name: string, choices: readonly [A, ...A[]]): A =>
    choices[Math.floor(draw(name) * choices.length)] ?? choices[0]

  const optionsOf = (who: string): WatchOptions => ({
    ...pace,
    baseUrl: draw(`${who} address`) < 0.05 ? 'http://[::1]:9' : baseUrl,
    apiKey: pick(`${who} key`, [apiKey, () => Promise.resolve(apiKey), 'sk_wrong']),
    fetch: pick(`${who} fetch`, [undefined, ownFetch]),
    budget: pick(`${who} budget`, [undefined, standing.budget]),
    signal: pick(`${who} signal`, [undefined, standing.signal]),
    emit: pick(`${who} emit`, ['changes', 'every']),
    on: pick(`${who} on`, [
      undefined,
      () => {
        throw new Error('an observer of events')
      },
    ]),
    activity$: pick(`${who} activity`, [
      undefined,
      interval(100 + 500 * draw(`${who} pause`)).pipe(map(nth => nth % 2 === 1)),
    ]),
    push: pick(`${who} push`, [
      undefined,
      {
        statuses$: timer(2_000 * draw(`${who} pushed`)).pipe(
          map(() => {
            const upload = uploads[0] ?? ''
            return { account, upload, status: { status: 'processing', prefixed_id: upload } }
          }),
        ),
      },
    ]),
  })

  const visitors = ['a', 'b', 'c'].map(who => createUploadStatusClient(optionsOf(`client ${who}`)))

  /** A watch with its own signal, which is aborted after this many milliseconds. */
  const aborted$ = (at: number, watchUntil$: (signal: AbortSignal) => Watch$): Watch$ =>
    defer(() => {
      const controller = new AbortController()
      const alarm = setTimeout(() => {
        controller.abort('bored')
      }, at)
      return watchUntil$(controller.signal).pipe(
        finalize(() => {
          clearTimeout(alarm)
        }),
      )
    })

  const visit$ = (nth: number): Observable<string> => {
    const who = `visitor ${String(nth)}`
    const client = pick(`${who} client`, [null, ...standing.clients, ...visitors])
    const drawn = Math.floor(draw(`${who} upload`) * uploads.length)
    // Cached values must have the same size in each round, so the upload before a failing one is used.
    const isKept = client !== null && standing.clients.includes(client)
    const upload = uploads[isKept && drawn % scenarios.length === 1 ? drawn - 1 : drawn] ?? ''
    const options = optionsOf(who)
    const watch$ =
      client !== null
        ? client.uploadStatus$(account, upload)
        : draw(`${who} aborts`) < 0.3
          ? aborted$(1_500 * draw(`${who} abort`), signal =>
              uploadStatus$(account, upload, { ...options, signal }),
            )
          : uploadStatus$(account, upload, options)
    const stays = draw(`${who} stays`) < 0.5
    const leave$ = timer(stays ? 60_000 : 1_000 * draw(`${who} leaves`))
    return timer(1_500 * draw(`${who} comes`)).pipe(
      mergeMap(() => watch$.pipe(materialize(), takeUntil(leave$), toArray())),
      map(howItWent),
    )
  }

  return merge(...Array.from({ length: count }, (_, nth) => visit$(nth)))
}
