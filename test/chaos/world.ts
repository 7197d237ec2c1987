import { setMaxListeners } from 'node:events'
import { Subject } from 'rxjs'
import {
  createUploadStatusClient,
  spaced,
  type Fetch,
  type RequestBudget,
  type PushedStatus,
  type UploadStatusClient,
  type UploadStatusSource,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { relayedSource, type RelayedOptions } from 'rx-upload-status/relay/client'
import type { RelayHost } from './relayHost'
import { testedBudget } from './room'
import type { Ports } from './serverProgram'

export const account = 'acct_chaos'

/** Milliseconds. */
export const attemptTimeout = 2_500
export const deadline = 8_000

/** Fast enough to meet many faults and to end soon. */
export const pace = {
  schedule: spaced(60),
  retry: { retries: 3, base: 20, cap: 200 },
  attemptTimeout,
  deadline,
} satisfies WatchOptions

/** The same for readers of the relay. */
export const relayedPace = {
  retry: pace.retry,
  attemptTimeout,
  deadline,
  silence: 1_000,
} satisfies RelayedOptions

export const ownFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** The listener that records the attempts of a client. */
export type ListenerOf = (client: string, timeout: number) => (event: WatchEvent) => void

/** Objects that outlive every round, which could keep watches alive. */
export interface World {
  readonly baseUrl: string
  readonly relayUrl: string
  readonly signal: AbortSignal
  readonly activity$: Subject<boolean>
  readonly push$: Subject<PushedStatus>
  readonly budget: RequestBudget
  /** The sources that follow any upload. */
  readonly clients: readonly [UploadStatusClient, UploadStatusClient]
  /** The source of the relay. */
  readonly relayClient: UploadStatusClient
  /** Follows only calm uploads. */
  readonly calmClient: UploadStatusClient
  readonly sources: readonly [UploadStatusSource, UploadStatusSource]
  readonly listenerOf: ListenerOf
  /** What is still held although no watch is left. */
  readonly held: () => Promise<readonly string[]>
}

export const createWorld = (
  { api, proxy }: Ports,
  { serve, streams }: RelayHost,
  listenerOf: ListenerOf,
): World => {
  const baseUrl = `http://127.0.0.1:${String(api)}`
  const relayUrl = `http://127.0.0.1:${String(proxy)}/live`
  const { signal } = new AbortController()
  // The run starts many watches at the same time on purpose.
  setMaxListeners(0, signal)
  const activity$ = new Subject<boolean>()
  const push$ = new Subject<PushedStatus>()
  const shared = testedBudget()
  const calm = testedBudget()

  const clientOf = (name: string, options: WatchOptions): UploadStatusClient =>
    createUploadStatusClient({
      ...pace,
      baseUrl,
      apiKey: 'sk_chaos',
      signal,
      headers: { 'x-client': name },
      on: listenerOf(name, attemptTimeout),
      ...options,
    })

  const relayClient = clientOf('standing-relay', { budget: shared.budget })
  serve(relayClient)

  return {
    baseUrl,
    relayUrl,
    signal,
    activity$,
    push$,
    budget: shared.budget,
    clients: [
      clientOf('standing-cross', { budget: shared.budget, push: { statuses$: push$ } }),
      clientOf('standing-own', { budget: shared.budget, fetch: ownFetch, activity$ }),
    ],
    relayClient,
    calmClient: clientOf('standing-calm', { budget: calm.budget }),
    sources: [
      relayedSource(relayUrl, relayedPace),
      relayedSource(relayUrl, { ...relayedPace, fetch: ownFetch, activity$ }),
    ],
    listenerOf,
    held: async () => [
      ...((await shared.isFree()) && (await calm.isFree()) ? [] : ['a place in a budget']),
      ...(activity$.observed ? ['a subscription to activity$'] : []),
      ...(push$.observed ? ['a subscription to push$'] : []),
      ...(streams() > 0 ? [`${String(streams())} streams of the relay`] : []),
    ],
  }
}
