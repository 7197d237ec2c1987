export {
  createTelemetry,
  type Telemetry,
  type TelemetryEvent,
  type TelemetryOptions,
} from './createTelemetry'
export { observeLoad, type LoadOptions } from './observeLoad'
