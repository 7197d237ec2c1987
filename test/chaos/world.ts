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

/** Fast enough to meet many troubles, and over in good time. */
export const pace = {
  schedule: spaced(60),
  retry: { retries: 3, base: 20, cap: 200 },
  attemptTimeout,
  deadline,
} satisfies WatchOptions

/** The same for those who read from the relay. */
export const relayedPace = {
  retry: pace.retry,
  attemptTimeout,
  deadline,
  silence: 1_000,
} satisfies RelayedOptions

export const ownFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** The listener that notes the attempts of a client. */
export type ListenerOf = (client: string, timeout: number) => (event: WatchEvent) => void

/** What outlives every round: things that watches could cling to. */
export interface World {
  readonly baseUrl: string
  readonly relayUrl: string
  readonly signal: AbortSignal
  readonly activity$: Subject<boolean>
  readonly push$: Subject<PushedStatus>
  readonly budget: RequestBudget
  /** Those that follow any upload. */
  readonly clients: readonly [UploadStatusClient, UploadStatusClient]
  /** Where the relay has its statuses from. */
  readonly relayClient: UploadStatusClient
  /** Follows calm uploads alone. */
  readonly calmClient: UploadStatusClient
  readonly sources: readonly [UploadStatusSource, UploadStatusSource]
  readonly listenerOf: ListenerOf
  /** What is still held although nobody watches. */
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
  // Many watches at a time is what it is here for.
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
