import type { PathTemplate } from './platform/imitatedPlatform'
import type { SandboxDelivery } from './webhooks/delivery'

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

/**
 * An event that is passed to `on`: a request, an attempt to deliver an event to a webhook, or a
 * warning to the person who runs the sandbox.
 */
export type SandboxEvent =
  SandboxRequest | SandboxDelivery | { readonly kind: 'warning'; readonly message: string }

/** Counts since the sandbox was started. */
export interface SandboxCounts {
  /** Requests received. */
  readonly requests: number
  /** Answers with the status 429, also scripted ones. */
  readonly rateLimited: number
  /** Uploads that are stored now. */
  readonly uploads: number
}

/** A record of the requests and the deliveries. */
export interface Journal {
  readonly record: (event: SandboxEvent) => void
  readonly latest: () => readonly SandboxRequest[]
  readonly deliveries: () => readonly SandboxDelivery[]
  readonly counts: () => Omit<SandboxCounts, 'uploads'>
}

/** Creates a journal that keeps the latest `capacity` requests and deliveries, and counts all requests. */
export const createJournal = (capacity = 1_000): Journal => {
  let latest: readonly SandboxRequest[] = []
  let deliveries: readonly SandboxDelivery[] = []
  let counts = { requests: 0, rateLimited: 0 }
  const count = ({ status }: SandboxRequest): void => {
    counts = {
      requests: counts.requests + 1,
      rateLimited: counts.rateLimited + (status === 429 ? 1 : 0),
    }
  }
  return {
    record: event => {
      switch (event.kind) {
        case 'request':
          latest = [...latest, event].slice(-capacity)
          count(event)
          break
        case 'delivery':
          deliveries = [...deliveries, event].slice(-capacity)
          break
        case 'warning':
      }
    },
    latest: () => latest,
    deliveries: () => deliveries,
    counts: () => counts,
  }
}
