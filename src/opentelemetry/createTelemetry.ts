import type { MeterProvider, TracerProvider } from '@opentelemetry/api'
import type { BudgetEvent } from '../budget/saturation'
import { callable, members } from '../failure/checked'
import type { RelayEvent } from '../relay/relayEvent'
import type { WatchEvent } from '../watch/event'
import type { WebhookEvent } from '../webhook/webhookEvent'
import { meterOf, tracerOf } from './scope'
import { serverTelemetry } from './serverTelemetry'
import { watchTelemetry } from './watchTelemetry'

/** An event that a {@link Telemetry} accepts: the event of any `on` of this package. */
export type TelemetryEvent = WatchEvent | BudgetEvent | RelayEvent | WebhookEvent

/** An `on` for watches, clients, workers, budgets, relays and webhooks. */
export type Telemetry = (event: TelemetryEvent) => void

/** The destination of metrics and spans. */
export interface TelemetryOptions {
  /**
   * The provider of the metrics.
   *
   * @default the global one; register yours first, because the API does not replace a meter later
   */
  readonly meterProvider?: MeterProvider | undefined
  /** The provider of the spans. @default the global one */
  readonly tracerProvider?: TracerProvider | undefined
  /** Returns milliseconds since 1970, for tests. @default Date.now */
  readonly clock?: (() => number) | undefined
}

/**
 * Creates an `on` that turns events into OpenTelemetry metrics and spans.
 *
 * - One per process is enough: pass it as `on` to clients, workers, budgets, relays and webhooks. If you
 *   call `uploadStatus$` several times for the same upload, pass one to each: their events do not differ.
 * - Attributes of metrics come from small closed sets, never an id. Spans name the account and the
 *   upload. Neither contains a key, a URL, or text from a server.
 * - The span of a watch is a child of the span that is active at its first attempt.
 *
 * @throws TypeError that names the invalid option
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
