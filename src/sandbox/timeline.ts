import { seededFraction } from './seeded'

/** How long an upload stays in its two non-terminal statuses. */
export interface Durations {
  /** Milliseconds as `pending`. @default 500 */
  readonly pending: number
  /** Milliseconds as `processing`. @default 2_000 */
  readonly processing: number
  /**
   * Each upload's own share of the two: a duration is multiplied by a factor drawn evenly from
   * `[1 - spread, 1 + spread)`; 0 makes every upload last exactly as long. From 0 to 1.
   * @default 0.2
   */
  readonly spread: number
}

/** The course of one upload, in milliseconds since it was accepted. */
export interface Timeline {
  readonly processingAt: number
  readonly endAt: number
  readonly end: 'completed' | 'failed'
}

/** What decides a course; nothing else does. */
export interface TimelineSource {
  readonly seed: number
  readonly upload: string
  readonly durations: Durations
  /** The share of uploads that end as `failed`, 0 to 1. */
  readonly failureRate: number
  /** Fails whatever the rate says. */
  readonly doomed: boolean
}

/**
 * The course that a seed gives to an upload.
 *
 * ```
 * accepted --- pending × factor --- processing × factor --- completed | failed
 * ```
 */
export const timelineOf = (source: TimelineSource): Timeline => {
  const { seed, upload, durations, failureRate, doomed } = source
  const drawn = (label: string): number => seededFraction(seed, `${upload} ${label}`)
  const lasting = (duration: number, label: string): number =>
    duration * (1 - durations.spread + 2 * durations.spread * drawn(label))
  const processingAt = lasting(durations.pending, 'pending')
  return {
    processingAt,
    endAt: processingAt + lasting(durations.processing, 'processing'),
    end: doomed || drawn('end') < failureRate ? 'failed' : 'completed',
  }
}

/** The status of an upload that was accepted `age` milliseconds ago. */
export const statusAtAge = (
  timeline: Timeline,
  age: number,
): 'pending' | 'processing' | 'completed' | 'failed' =>
  age < timeline.processingAt ? 'pending' : age < timeline.endAt ? 'processing' : timeline.end
