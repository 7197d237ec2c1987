import type {
  BatchObservableCallback,
  Meter,
  MeterProvider,
  ObservableGauge,
} from '@opentelemetry/api'
import type { BudgetLoad } from '../budget/saturation'
import { callable, members, text } from '../failure/checked'
import { meterOf } from './scope'

/** Where the load of a budget goes, and under which name. */
export interface LoadOptions {
  /**
   * The attribute `upload_status.budget.name`, to tell budgets apart.
   *
   * @default none
   */
  readonly name?: string | undefined
  /** Makes the metrics. @default the global one, as it is at the call */
  readonly meterProvider?: MeterProvider | undefined
}

/** A function statement, since its result is no Observable of RxJS. */
function gaugeOf(meter: Meter, name: string, unit: string, description: string): ObservableGauge {
  return meter.createObservableGauge(`upload_status.budget.${name}`, { unit, description })
}

type Gauges = Readonly<Record<'queue' | 'wait' | 'rate' | 'lateness', ObservableGauge>>

/**
 * Shows the load of a budget as metrics: its queue, wait, rate and lateness. The load is read at each
 * export.
 *
 * @param read `budget.load`, or a function that reads the load elsewhere; null shows nothing
 * @returns stops reading it
 * @throws TypeError that names an option which makes no sense
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
    queue: gaugeOf(meter, 'queue', '{request}', 'Requests that wait.'),
    wait: gaugeOf(meter, 'wait', 's', 'Time, about, that the last of them has to wait.'),
    rate: gaugeOf(meter, 'rate', '{request}/min', 'Requests that are admitted at most.'),
    lateness: gaugeOf(meter, 'lateness', 's', 'Time, about, that an end is noticed late.'),
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
