import type { Endpoint } from './route'
import { scenarioLength, type Scenario } from './scenario'
import type { Timeline } from './timeline'

/** Where the answers to an upload's polls come from: the clock, or a script. */
export type Course =
  | { readonly kind: 'timed'; readonly timeline: Timeline; readonly error: string }
  | { readonly kind: 'scripted'; readonly scenario: Scenario; readonly polls: number }

/** One upload that the sandbox holds. */
export interface Upload {
  readonly account: string
  readonly id: string
  readonly endpoint: Endpoint
  readonly fileName: string
  /** When it was accepted, in milliseconds of the sandbox's clock. */
  readonly since: number
  readonly course: Course
}

/** Whether nothing new can be learned of an upload: it ended, or its script was heard out. */
export const isSettled = ({ course, since }: Upload, now: number): boolean => {
  switch (course.kind) {
    case 'timed':
      return now - since >= course.timeline.endAt
    case 'scripted':
      return course.polls >= scenarioLength(course.scenario)
  }
}

/** The uploads that the sandbox holds, never more than a number. */
export interface Uploads {
  /** Makes room by dropping the oldest settled upload; false where none is settled. */
  readonly add: (upload: Upload, now: number) => boolean
  /** Puts a later state of an upload in place of the one that is held. */
  readonly update: (upload: Upload) => void
  readonly find: (account: string, id: string) => Upload | undefined
  readonly has: (id: string) => boolean
  readonly size: () => number
}

/** An empty store for at most `most` uploads. */
export const boundedUploads = (most: number): Uploads => {
  const byId = new Map<string, Upload>()
  const dropOldestSettled = (now: number): boolean => {
    for (const held of byId.values()) if (isSettled(held, now)) return byId.delete(held.id)
    return false
  }
  return {
    add: (upload, now) => {
      if (byId.size >= most && !dropOldestSettled(now)) return false
      byId.set(upload.id, upload)
      return true
    },
    update: upload => {
      byId.set(upload.id, upload)
    },
    find: (account, id) => {
      const held = byId.get(id)
      return held?.account === account ? held : undefined
    },
    has: id => byId.has(id),
    size: () => byId.size,
  }
}
