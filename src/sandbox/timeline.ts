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

/** Returns the status of an upload that was accepted `age` milliseconds ago. */
export const statusAtAge = (
  timeline: Timeline,
  age: number,
): 'pending' | 'processing' | 'completed' | 'failed' =>
  age < timeline.processingAt ? 'pending' : age < timeline.endAt ? 'processing' : timeline.end
