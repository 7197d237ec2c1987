/**
 * OpenTelemetry metrics and spans from events.
 *
 * @module rx-upload-status/opentelemetry
 */

export {
  createTelemetry,
  type Telemetry,
  type TelemetryEvent,
  type TelemetryOptions,
} from './createTelemetry'
export { observeLoad, type LoadOptions } from './observeLoad'
