import type {
  BatchObservableCallback,
  Meter,
  MeterProvider,
  ObservableGauge,
} from '@opentelemetry/api'
import type { BudgetLoad } from '../budget/saturation'
import { callable, members, text } from '../failure/checked'
import { meterOf } from './scope'

/** The name and the destination of a budget's load. */
export interface LoadOptions {
  /**
   * The attribute `upload_status.budget.name`, to distinguish budgets.
   *
   * @default none
   */
  readonly name?: string | undefined
  /** The provider of the metrics. @default the global one at the time of the call */
  readonly meterProvider?: MeterProvider | undefined
}

/** A function statement, because its result is not an RxJS observable. */
function gaugeOf(meter: Meter, name: string, unit: string, description: string): ObservableGauge {
  return meter.createObservableGauge(`upload_status.budget.${name}`, { unit, description })
}

type Gauges = Readonly<Record<'queue' | 'wait' | 'rate' | 'lateness', ObservableGauge>>

/**
 * Exports the load of a budget as metrics: its queue, wait, rate and lateness. Reads the load at each
 * export.
 *
 * @param read `budget.load`, or a function that reads the load elsewhere; null exports nothing
 * @returns a function that stops the export
 * @throws TypeError that names the invalid option
 *
 * @example
 * const budget = requestBudget({ perMinute: 60 })
 * const stop = observeLoad(budget.load)
 */
export const observeLoad = (
  read: () => BudgetLoad | null | Promise<BudgetLoad | null>,
  options: LoadOptions = {},
): (() => void) => {
  callable(read, 'read', '() => BudgetLoad')
  members(options, 'options', ['name', 'meterProvider'])
  const { name, meterProvider } = options
  const attributes = name === undefined ? {} : { 'upload_status.budget.name': text(name, 'name') }
  const meter = meterOf(meterProvider)
  const gauges: Gauges = {
    queue: gaugeOf(meter, 'queue', '{request}', 'Requests waiting in the queue.'),
    wait: gaugeOf(meter, 'wait', 's', 'Approximate wait of the last queued request.'),
    rate: gaugeOf(meter, 'rate', '{request}/min', 'The most requests admitted per minute.'),
    lateness: gaugeOf(
      meter,
      'lateness',
      's',
      'Approximate delay until a terminal status is detected.',
    ),
  }

  const observe: BatchObservableCallback = async result => {
    const load = await read()
    if (load === null) return
    result.observe(gauges.queue, load.queue, attributes)
    result.observe(gauges.wait, load.wait / 1_000, attributes)
    result.observe(gauges.rate, load.rate, attributes)
    if (load.lateness !== undefined)
      result.observe(gauges.lateness, load.lateness / 1_000, attributes)
  }
  meter.addBatchObservableCallback(observe, Object.values(gauges))
  return () => {
    meter.removeBatchObservableCallback(observe, Object.values(gauges))
  }
}
