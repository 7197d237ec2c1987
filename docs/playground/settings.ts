import { exponential, spaced, type WatchOptions } from 'rx-upload-status'
import { parseScenario, type Scenario } from './sandboxParts'

/** What a reader of the playground can set: plain data, which a worker can receive. */
export interface Settings {
  /** The scenario as JSON. */
  readonly scenario: string
  readonly schedule: ScheduleName
  readonly retries: number
  /** Seconds. */
  readonly deadline: number
  readonly emit: 'changes' | 'every'
  /** How many times faster than real time. */
  readonly speed: number
}

/** The schedules on offer: their code, and what it gives. `null` is the default of the library. */
export const schedules = {
  default: null,
  'spaced(1_000)': spaced(1_000),
  'spaced(5_000)': spaced(5_000),
  'exponential({ first: 500, factor: 2, cap: 8_000 })': exponential({
    first: 500,
    factor: 2,
    cap: 8_000,
  }),
} as const satisfies Readonly<Record<string, WatchOptions['schedule'] | null>>

type ScheduleName = keyof typeof schedules

/** The defaults of the library, but for a deadline that can be seen to pass. */
export const defaults: Omit<Settings, 'scenario'> = {
  schedule: 'default',
  retries: 21,
  deadline: 3_600,
  emit: 'changes',
  speed: 5,
}

/** Reads the scenario. Throws an error that names the position of what is wrong. */
export const scenarioOf = ({ scenario }: Pick<Settings, 'scenario'>): Scenario =>
  parseScenario(JSON.parse(scenario))

/** The options of `uploadStatus$`. */
export const optionsOf = ({ schedule, retries, deadline, emit }: Settings): WatchOptions => ({
  schedule: schedules[schedule] ?? undefined,
  retry: { retries },
  deadline: deadline * 1_000,
  emit,
})
