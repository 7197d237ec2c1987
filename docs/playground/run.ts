import type { Either } from 'fp-ts/Either'
import { uploadStatus$, type Failure, type UploadStatus, type WatchEvent } from 'rx-upload-status'
import type { Subscription } from 'rxjs'
import { pageSandbox } from './pageSandbox'
import { optionsOf, scenarioOf, type Settings } from './settings'

/** What a run reports. Plain data: it crosses from a worker to the page. `at` is in ms since the start. */
export type News =
  | { readonly kind: 'event'; readonly at: number; readonly event: WatchEvent }
  | { readonly kind: 'value'; readonly at: number; readonly value: Either<Failure, UploadStatus> }
  | { readonly kind: 'complete'; readonly at: number }
  | { readonly kind: 'defect'; readonly at: number; readonly message: string }

/** Watches an upload that follows the scenario, with a sandbox in the same thread. */
export const run = (settings: Settings, notify: (news: News) => void): Subscription => {
  const { account, upload, options } = pageSandbox(scenarioOf(settings))
  const start = performance.now()
  const now = (): number => performance.now() - start
  return uploadStatus$(account, upload, {
    ...options,
    ...optionsOf(settings),
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
