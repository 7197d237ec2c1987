import type { WatchEvent } from '../../watch/event'
import { formatDuration, formatFailure } from './format'
import type { Update } from './updates'

/** An attempt, its result, or the wait for the next one. */
type Attempt = Extract<
  WatchEvent,
  {
    readonly _tag:
      'AttemptStarted' | 'AttemptFailed' | 'StatusReceived' | 'RetryScheduled' | 'PollScheduled'
  }
>

/** Whether `--verbose` shows an event. */
export const isAttempt = (event: WatchEvent): event is Attempt =>
  ['AttemptStarted', 'AttemptFailed', 'StatusReceived', 'RetryScheduled', 'PollScheduled'].includes(
    event._tag,
  )

const text = (event: Attempt): string => {
  switch (event._tag) {
    case 'AttemptStarted':
      return `attempt ${String(event.attempt)}`
    case 'AttemptFailed':
      return `no status: ${formatFailure(event.failure)}`
    case 'StatusReceived':
      return `${event.status}, by ${event.via}`
    case 'RetryScheduled':
      return `retry in ${formatDuration(event.wait)}`
    case 'PollScheduled':
      return `poll in ${formatDuration(event.wait)}`
  }
}

/** An attempt as a line of text; null for all other updates. */
export const attemptLine = (update: Update, name: string): string | null =>
  update.kind === 'event' && isAttempt(update.event)
    ? `  ${formatDuration(update.event.at).padStart(7)}  ${name}: ${text(update.event)}`
    : null
