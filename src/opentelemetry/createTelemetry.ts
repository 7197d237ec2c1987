import type { MeterProvider, TracerProvider } from '@opentelemetry/api'
import type { BudgetEvent } from '../budget/saturation'
import { callable, members } from '../failure/checked'
import type { RelayEvent } from '../relay/relayEvent'
import type { WatchEvent } from '../watch/event'
import type { WebhookEvent } from '../webhook/webhookEvent'
import { meterOf, tracerOf } from './scope'
import { serverTelemetry } from './serverTelemetry'
import { watchTelemetry } from './watchTelemetry'

/** What a {@link Telemetry} may receive: the events of every `on` of this package. */
export type TelemetryEvent = WatchEvent | BudgetEvent | RelayEvent | WebhookEvent

/** The `on` of a watch, a client, a worker, a budget, a relay or a webhook. */
export type Telemetry = (event: TelemetryEvent) => void

/** Where metrics and spans go. */
export interface TelemetryOptions {
  /**
   * Makes the metrics.
   *
   * @default the global one; register yours before the call, since the API does not replace a meter later
   */
  readonly meterProvider?: MeterProvider | undefined
  /** Makes the spans. @default the global one */
  readonly tracerProvider?: TracerProvider | undefined
  /** Milliseconds since 1970, for tests. @default Date.now */
  readonly clock?: (() => number) | undefined
}

/**
 * An observer that turns events into metrics and spans of OpenTelemetry.
 *
 * - One for a process is enough: give it as `on` to clients, workers, budgets, relays and webhooks. To
 *   bare watches of the same upload give one each, since their events do not tell them apart.
 * - Metrics have attributes from small closed sets, and never an id. Spans name the account and the
 *   upload. Neither holds a key, a URL, or text that a server wrote.
 * - A span of a watch is a child of the span that is active at its first attempt.
 *
 * @throws TypeError that names an option which makes no sense
 *
 * @example
 * const on = createTelemetry()
 * const budget = requestBudget({ perMinute: 60, on })
 * const client = createUploadStatusClient({ budget, on })
 *
 * @see docs/observability.md for every metric and span, and the conventions that they follow:
 *   https://opentelemetry.io/docs/specs/semconv/
 */
export const createTelemetry = (options: TelemetryOptions = {}): Telemetry => {
  members(options, 'options', ['meterProvider', 'tracerProvider', 'clock'])
  const { meterProvider, tracerProvider, clock = Date.now } = options
  callable(clock, 'clock', '() => ms')
  const meter = meterOf(meterProvider)
  const onServer = serverTelemetry(meter)
  const onWatch = watchTelemetry(meter, tracerOf(tracerProvider), clock)
  return event => {
    switch (event._tag) {
      case 'Saturated':
      case 'Relieved':
      case 'StreamOpened':
      case 'StreamRefused':
      case 'StreamClosed':
      case 'RelayDefect':
      case 'DeliveryAccepted':
      case 'DeliveryIgnored':
      case 'DeliveryRefused':
      case 'AliveChanged':
      case 'StoreFailed':
        onServer(event)
        return
      default:
        onWatch(event)
    }
  }
}
