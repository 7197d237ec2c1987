import type { Attributes } from '@opentelemetry/api'
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base'
import { createTelemetry, type TelemetryEvent } from 'rx-upload-status/opentelemetry'
import type { Happening } from '../../src/watch/event'

/** One series of a metric: the count and sum of a histogram, or else its value. */
interface Series {
  readonly attributes: Attributes
  readonly value: number | { readonly count: number; readonly sum: number }
}

/** A telemetry whose metrics and spans stay in memory. */
export interface Recorded {
  readonly on: (event: TelemetryEvent) => void
  readonly meterProvider: MeterProvider
  readonly spans: () => readonly ReadableSpan[]
  /** The series of each metric, by its name without `upload_status.`. */
  readonly read: () => Promise<ReadonlyMap<string, readonly Series[]>>
}

/** The time of the events at 0, in ms since 1970. */
export const start = 1_800_000_000_000

/** Runs a test with a telemetry of its own, and shuts it down. */
export const recorded = async (test: (recorded: Recorded) => Promise<void>): Promise<void> => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const spans = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(spans)]
  const tracerProvider = new BasicTracerProvider({ spanProcessors })
  let now = start
  const observe = createTelemetry({ meterProvider, tracerProvider, clock: () => now })
  try {
    await test({
      on: event => {
        now = start + ('at' in event ? event.at : 0)
        observe(event)
      },
      meterProvider,
      spans: () => spans.getFinishedSpans(),
      read: async () => {
        exporter.reset()
        await reader.forceFlush()
        const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
        return new Map(
          all
            .flatMap(({ metrics }) => metrics)
            .map(metric => [
              metric.descriptor.name.replace('upload_status.', ''),
              metric.dataPointType === DataPointType.HISTOGRAM
                ? metric.dataPoints.map(({ attributes, value: { count, sum = NaN } }) => ({
                    attributes,
                    value: { count, sum },
                  }))
                : metric.dataPoints.map(({ attributes, value }) => ({
                    attributes,
                    value: typeof value === 'number' ? value : NaN,
                  })),
            ]),
        )
      },
    })
  } finally {
    await meterProvider.shutdown()
    await tracerProvider.shutdown()
  }
}

export const account = 'acct_of_someone'
export const upload = 'upload_of_someone'

/** An event of the upload of these tests. */
export const event = (at: number, happening: Happening): TelemetryEvent => ({
  ...happening,
  account,
  upload,
  at,
})
