// Metrics and spans on the console. In production give the SDK an exporter of yours instead.
import { metrics, trace } from '@opentelemetry/api'
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { lastValueFrom } from 'rxjs'
import { createUploadStatusClient, requestBudget } from 'rx-upload-status'
import { createTelemetry, observeLoad } from 'rx-upload-status/opentelemetry'
import { apiError, completed, processing, startSandbox } from 'rx-upload-status/sandbox'

const meterProvider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })],
})
const tracerProvider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())],
})
metrics.setGlobalMeterProvider(meterProvider)
trace.setGlobalTracerProvider(tracerProvider)

// One observer for all: clients, budgets, workers, relays and webhooks.
const on = createTelemetry()

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [
  processing(),
  apiError(503, 'Down.'),
  completed(),
])
const budget = requestBudget({ perMinute: 600, on })
observeLoad(budget.load)
const client = createUploadStatusClient({
  apiKey: sandbox.apiKey,
  baseUrl: sandbox.url,
  schedule: () => 100,
  budget,
  on,
})

await lastValueFrom(client.uploadStatus$(account, upload))

await meterProvider.shutdown()
await tracerProvider.shutdown()
await sandbox.close()
