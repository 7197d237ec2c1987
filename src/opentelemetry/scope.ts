import { metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import type { Meter, Tracer } from '@opentelemetry/api'
import { having } from '../failure/checked'
import { userAgent } from '../platform/userAgent'

// The instrumentation scope is the name and the version of the package.

const [name = '', version] = userAgent.split('/')

export const meterOf = (provider: MeterProvider = metrics.getMeterProvider()): Meter =>
  having(provider, 'meterProvider', 'getMeter', 'a MeterProvider').getMeter(name, version)

export const tracerOf = (provider: TracerProvider = trace.getTracerProvider()): Tracer =>
  having(provider, 'tracerProvider', 'getTracer', 'a TracerProvider').getTracer(name, version)
