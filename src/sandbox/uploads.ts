import type { Endpoint } from './scenario/answers'
import { scenarioLength, type Scenario } from './scenario/scenario'
import type { Timeline } from './timeline'
import type { ScriptedPush } from './webhooks/plan'

/** How an upload's polls are answered: by the clock, or by a scenario. */
export type AnswerPlan =
  | { readonly kind: 'timed'; readonly timeline: Timeline; readonly error: string }
  | { readonly kind: 'scripted'; readonly scenario: Scenario; readonly polls: number }

/** An upload that the sandbox stores. */
export interface Upload {
  readonly account: string
  readonly id: string
  readonly endpoint: Endpoint
  readonly fileName: string
  /** When it was accepted, in milliseconds of the sandbox's clock. */
  readonly acceptedAt: number
  readonly creditsUsed: number
  readonly plan: AnswerPlan
  /** How its event is sent; null if it has no event. */
  readonly push: ScriptedPush | null
}

/** Whether an upload has its last status, or its scenario has given every answer. */
export const isFinished = ({ plan, acceptedAt }: Upload, now: number): boolean => {
  switch (plan.kind) {
    case 'timed':
      return now - acceptedAt >= plan.timeline.endAt
    case 'scripted':
      return plan.polls >= scenarioLength(plan.scenario)
  }
}

/** The uploads that the sandbox stores. */
export interface UploadStore {
  /** Adds an upload. When full, removes the oldest finished upload; false if none is finished. */
  readonly add: (upload: Upload, now: number) => boolean
  /** Replaces an upload by its next state. */
  readonly update: (upload: Upload) => void
  readonly find: (account: string, id: string) => Upload | undefined
  readonly has: (id: string) => boolean
  readonly size: () => number
}

/** Creates an empty store for at most `capacity` uploads. */
export const createUploadStore = (capacity: number): UploadStore => {
  const byId = new Map<string, Upload>()
  const removeOldestFinished = (now: number): boolean => {
    for (const stored of byId.values()) {
      if (isFinished(stored, now)) return byId.delete(stored.id)
    }
    return false
  }
  return {
    add: (upload, now) => {
      if (byId.size >= capacity && !removeOldestFinished(now)) return false
      byId.set(upload.id, upload)
      return true
    },
    update: upload => {
      byId.set(upload.id, upload)
    },
    find: (account, id) => {
      const stored = byId.get(id)
      return stored?.account === account ? stored : undefined
    },
    has: id => byId.has(id),
    size: () => byId.size,
  }
}
