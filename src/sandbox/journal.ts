import type { PathTemplate } from './route'

/** One request that the sandbox was asked; never its key, its headers or its body. */
export interface SandboxRequest {
  readonly kind: 'request'
  readonly method: string
  /** Null where the sandbox has no such path. */
  readonly path: PathTemplate | null
  /** The upload that was polled or started; null where there is none. */
  readonly upload: string | null
  /** The HTTP status of the answer; null where a fault shows none, or the client went away. */
  readonly status: number | null
  /** Milliseconds of the sandbox's clock when the answer was chosen. */
  readonly at: number
}

/** What `on` is told. */
export type SandboxEvent = SandboxRequest | { readonly kind: 'warning'; readonly message: string }

/** How often something happened since the sandbox was started. */
export interface SandboxCounts {
  readonly requests: number
  /** Answers with status 429, scripted ones included. */
  readonly rateLimited: number
  /** Uploads held now. */
  readonly uploads: number
}

/** What was asked so far. */
export interface Journal {
  readonly write: (request: SandboxRequest) => void
  readonly latest: () => readonly SandboxRequest[]
  readonly counts: () => Omit<SandboxCounts, 'uploads'>
}

/** A journal that remembers the last `most` requests, and counts them all. */
export const boundedJournal = (most: number): Journal => {
  let latest: readonly SandboxRequest[] = []
  let counts = { requests: 0, rateLimited: 0 }
  return {
    write: request => {
      latest = [...latest, request].slice(-most)
      counts = {
        requests: counts.requests + 1,
        rateLimited: counts.rateLimited + (request.status === 429 ? 1 : 0),
      }
    },
    latest: () => latest,
    counts: () => counts,
  }
}
