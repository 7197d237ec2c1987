import type { Either } from 'fp-ts/Either'
import { uploadStatus$, type Failure, type UploadStatus, type WatchEvent } from 'rx-upload-status'
import type { Subscription } from 'rxjs'
import { pageFetch } from './pageFetch'
import {
  checkOptions,
  createState,
  noPushes,
  requestAnswerer,
  sandboxApiKey,
  scriptUpload,
} from './sandboxParts'
import { optionsOf, scenarioOf, type Settings } from './settings'

/** What a run reports. Plain data: it crosses from a worker to the page. `at` is in ms since the start. */
export type News =
  | { readonly kind: 'event'; readonly at: number; readonly event: WatchEvent }
  | { readonly kind: 'value'; readonly at: number; readonly value: Either<Failure, UploadStatus> }
  | { readonly kind: 'complete'; readonly at: number }
  | { readonly kind: 'defect'; readonly at: number; readonly message: string }

const baseUrl = 'https://sandbox.example'

const fnv = (text: string): number => {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** 64 hex digits that depend on the label alone. Nothing here is a secret. */
const hex = (label: string): string =>
  Array.from({ length: 8 }, (_, nth) =>
    fnv(`${String(nth)}/${label}`)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

/** Watches an upload that follows the scenario, with a sandbox in the same thread. */
export const run = (settings: Settings, notify: (news: News) => void): Subscription => {
  const state = createState(checkOptions({}), baseUrl, { hex, webhooks: noPushes })
  const answer = requestAnswerer(
    state,
    () => undefined,
    () => Promise.resolve(null),
  )
  const { account, upload } = scriptUpload(state, 'acct_1', scenarioOf(settings))
  const start = performance.now()
  const now = (): number => performance.now() - start
  return uploadStatus$(account, upload, {
    ...optionsOf(settings),
    baseUrl,
    apiKey: sandboxApiKey,
    fetch: pageFetch(answer),
    on: event => {
      notify({ kind: 'event', at: event.at, event })
    },
  }).subscribe({
    next: value => {
      notify({ kind: 'value', at: now(), value })
    },
    complete: () => {
      notify({ kind: 'complete', at: now() })
    },
    error: (defect: unknown) => {
      notify({ kind: 'defect', at: now(), message: String(defect) })
    },
  })
}
