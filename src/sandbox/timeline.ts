import { seededFraction } from './seededRandom'

/** How long an upload is `pending` and then `processing`. */
export interface Durations {
  /** Milliseconds as `pending`. @default 500 */
  readonly pending: number
  /** Milliseconds as `processing`. @default 2_000 */
  readonly processing: number
  /**
   * How much the durations vary, from 0 to 1. Each duration is multiplied by a random factor from
   * `[1 - spread, 1 + spread)`; 0 gives every upload the same durations.
   *
   * @default 0.2
   */
  readonly spread: number
}

/** When the status of an upload changes, in milliseconds since it was accepted. */
export interface Timeline {
  readonly processingAt: number
  readonly endAt: number
  readonly end: 'completed' | 'failed'
}

/** The values that determine a timeline. */
export interface TimelineSource {
  readonly seed: number
  readonly upload: string
  readonly durations: Durations
  /** The share of uploads that fail, from 0 to 1. */
  readonly failureRate: number
  /** Whether the upload fails at every `failureRate`. */
  readonly mustFail: boolean
}

/**
 * Draws the timeline of an upload.
 *
 * ```
 * accepted --- pending × factor --- processing × factor --- completed | failed
 * ```
 */
export const drawTimeline = (source: TimelineSource): Timeline => {
  const { seed, upload, durations, failureRate, mustFail } = source
  const drawn = (label: string): number => seededFraction(seed, `${upload} ${label}`)
  const varied = (duration: number, label: string): number =>
    duration * (1 - durations.spread + 2 * durations.spread * drawn(label))
  const processingAt = varied(durations.pending, 'pending')
  return {
    processingAt,
    endAt: processingAt + varied(durations.processing, 'processing'),
    end: mustFail || drawn('end') < failureRate ? 'failed' : 'completed',
  }
}

/** Returns the status of an upload that was accepted `age` milliseconds ago. */
export const statusAtAge = (
  timeline: Timeline,
  age: number,
): 'pending' | 'processing' | 'completed' | 'failed' =>
  age < timeline.processingAt ? 'pending' : age < timeline.endAt ? 'processing' : timeline.end
