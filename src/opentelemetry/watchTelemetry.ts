import type { Attributes, Meter, Span, Tracer } from '@opentelemetry/api'
import { refName } from '../api/uploadRef'
import type { AttemptStarted, WatchEvent } from '../watch/event'
import { outcomeOf, stopped, aborted, type Outcome } from './telemetryOutcome'
import { watchInstruments } from './watchInstruments'
import { attemptSpan, endSpan, watchSpan } from './watchSpans'

/** A watch between its first attempt and its end. */
interface Tracked {
  /** The start of the watch, in milliseconds since 1970. Later times are relative to it. */
  readonly origin: number
  readonly span: Span
  /** The attempt in flight, and its start in milliseconds since the start of the watch. */
  attempt: { readonly span: Span; readonly at: number } | null
}

/** Turns the events of watches into metrics and spans. Keeps no state of a watch after its end. */
export const watchTelemetry = (
  meter: Meter,
  tracer: Tracer,
  clock: () => number,
): ((event: WatchEvent) => void) => {
  const instruments = watchInstruments(meter)
  const all = new Map<string, Tracked>()

  const timeOf = ({ origin }: Tracked, at: number): Date => new Date(origin + at)

  const begin = (event: WatchEvent): Tracked => {
    const origin = clock() - event.at
    const span = watchSpan(tracer, event, new Date(origin))
    const watch: Tracked = { origin, span, attempt: null }
    all.set(refName(event), watch)
    instruments.active.add(1)
    return watch
  }

  const endAttempt = (watch: Tracked | undefined, at: number, outcome: Outcome): void => {
    if (watch?.attempt == null) return
    const { attempt } = watch
    watch.attempt = null
    instruments.attempts.record((at - attempt.at) / 1_000, outcome.attributes)
    endSpan(attempt.span, outcome, timeOf(watch, at))
  }

  const finish = (event: WatchEvent, outcome: Outcome): void => {
    const name = refName(event)
    const watch = all.get(name)
    if (watch === undefined) return
    // First, because a span processor that throws must not keep the watch active.
    all.delete(name)
    instruments.active.add(-1)
    endAttempt(watch, event.at, aborted)
    endSpan(watch.span, outcome, timeOf(watch, event.at))
  }

  const startAttempt = (event: WatchEvent & AttemptStarted): void => {
    // Ends another watch of the same upload whose end was not reported.
    if (event.attempt === 1) finish(event, stopped)
    const watch = all.get(refName(event)) ?? begin(event)
    endAttempt(watch, event.at, aborted)
    const span = attemptSpan(tracer, watch.span, event, timeOf(watch, event.at))
    watch.attempt = { span, at: event.at }
    instruments.lateness.record(event.late / 1_000)
  }

  const note = (event: WatchEvent, name: string, attributes: Attributes = {}): void => {
    const watch = all.get(refName(event))
    watch?.span.addEvent(`upload_status.${name}`, attributes, timeOf(watch, event.at))
  }

  return event => {
    const watch = all.get(refName(event))
    switch (event._tag) {
      case 'AttemptStarted':
        startAttempt(event)
        return
      case 'StatusReceived':
        if (event.via === 'poll') endAttempt(watch, event.at, outcomeOf(event))
        else note(event, 'pushed', { 'upload_status.status': event.status })
        return
      case 'StatusUnknown':
      case 'AttemptFailed':
        endAttempt(watch, event.at, outcomeOf(event))
        return
      case 'RetryScheduled':
        note(event, 'retry_scheduled', { 'upload_status.wait': event.wait / 1_000 })
        return
      case 'Paused':
        endAttempt(watch, event.at, aborted)
        instruments.pauses.add(1)
        note(event, 'paused')
        return
      case 'Resumed':
        note(event, 'resumed')
        return
      case 'StatusRegressed':
        note(event, 'regressed', { 'upload_status.status': event.to })
        return
      case 'Stalled':
        instruments.stalls.add(1, { 'upload_status.status': event.status })
        note(event, 'stalled', { 'upload_status.status': event.status })
        return
      case 'SourceFailed':
        note(event, 'source_failed', { 'upload_status.source': event.source })
        return
      case 'Settled':
        instruments.durations.record(event.at / 1_000, outcomeOf(event).attributes)
        finish(event, outcomeOf(event))
        return
      case 'Stopped':
        finish(event, stopped)
        return
      case 'CreditsReported':
      case 'PollScheduled':
      case 'PushIgnored':
    }
  }
}
