import { seededFraction } from './seededRandom'
import type { Durations, Timeline } from './timeline'

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
