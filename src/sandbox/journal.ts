import type { PathTemplate } from './platform/imitatedPlatform'

/** A request that the sandbox received, without its key, headers and body. */
export interface SandboxRequest {
  readonly kind: 'request'
  readonly method: string
  /** Null if the sandbox has no such path. */
  readonly path: PathTemplate | null
  /** The id of the upload that was polled or started; null if there is none. */
  readonly upload: string | null
  /** The HTTP status of the answer; null if a fault has none or the client has disconnected. */
  readonly status: number | null
  /** Milliseconds of the sandbox's `clock` when the answer was chosen. */
  readonly at: number
}

/** An event that is passed to `on`: a request, or a warning to the person who runs the sandbox. */
export type SandboxEvent = SandboxRequest | { readonly kind: 'warning'; readonly message: string }

/** Counts since the sandbox was started. */
export interface SandboxCounts {
  /** Requests received. */
  readonly requests: number
  /** Answers with the status 429, also scripted ones. */
  readonly rateLimited: number
  /** Uploads that are stored now. */
  readonly uploads: number
}

/** A record of the requests. */
export interface Journal {
  readonly record: (request: SandboxRequest) => void
  readonly latest: () => readonly SandboxRequest[]
  readonly counts: () => Omit<SandboxCounts, 'uploads'>
}

/** Creates a journal that keeps the latest `capacity` requests and counts all of them. */
export const createJournal = (capacity = 1_000): Journal => {
  let latest: readonly SandboxRequest[] = []
  let counts = { requests: 0, rateLimited: 0 }
  return {
    record: request => {
      latest = [...latest, request].slice(-capacity)
      counts = {
        requests: counts.requests + 1,
        rateLimited: counts.rateLimited + (request.status === 429 ? 1 : 0),
      }
    },
    latest: () => latest,
    counts: () => counts,
  }
}
