import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api'

/** The metrics of watches. Durations are in seconds, as the conventions demand. */
export interface WatchInstruments {
  readonly attempts: Histogram
  readonly lateness: Histogram
  readonly durations: Histogram
  readonly pauses: Counter
  readonly stalls: Counter
  readonly active: UpDownCounter
}

/** Bucket bounds in seconds, the same as for `http.client.request.duration`. */
const ofRequests = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

const ofWaits = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600]

const ofWatches = [1, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600]

export const watchInstruments = (meter: Meter): WatchInstruments => {
  const seconds = (name: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(`upload_status.${name}`, {
      unit: 's',
      description,
      advice: { explicitBucketBoundaries },
    })

  return {
    attempts: seconds('attempt.duration', 'Duration of attempts, by outcome.', ofRequests),
    lateness: seconds('attempt.lateness', 'Time that attempts waited for the budget.', ofWaits),
    durations: seconds('watch.duration', 'Duration of watches that ended, by outcome.', ofWatches),
    pauses: meter.createCounter('upload_status.pauses', {
      unit: '{pause}',
      description: 'Pauses of watches.',
    }),
    stalls: meter.createCounter('upload_status.stalls', {
      unit: '{stall}',
      description: 'Statuses that did not change for stalledAfter.',
    }),
    active: meter.createUpDownCounter('upload_status.active_watches', {
      unit: '{watch}',
      description: 'Watches between their first attempt and their end.',
    }),
  }
}
