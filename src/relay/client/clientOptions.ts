import { members, milliseconds } from '../../failure/checked'
import { settingsOf, type Settings, type WatchOptions } from '../../options'

/** How a page reads from a relay. Everything is optional; durations are milliseconds. */
export interface RelayedOptions extends Pick<
  WatchOptions,
  | 'activity$'
  | 'attemptTimeout'
  | 'clock'
  | 'deadline'
  | 'fetch'
  | 'headers'
  | 'on'
  | 'random'
  | 'retry'
> {
  /**
   * Milliseconds without a byte from the relay, heartbeats included, after which the client connects
   * again.
   *
   * @default 45_000
   */
  readonly silence?: number | undefined
}

const names: readonly string[] = [
  'activity$',
  'attemptTimeout',
  'clock',
  'deadline',
  'fetch',
  'headers',
  'on',
  'random',
  'retry',
  'silence',
] satisfies ReadonlyArray<keyof RelayedOptions>

/** Options, checked and completed. */
export interface RelayedSettings extends Settings {
  readonly silence: number
}

/**
 * Checks options and fills in the defaults, which are those of a watch.
 *
 * @throws TypeError or RangeError that names the option
 */
export const relayedSettingsOf = (options: RelayedOptions): RelayedSettings => {
  members(options, 'options', names)
  const { silence = 45_000, ...watchOptions } = options
  return { ...settingsOf(watchOptions), silence: milliseconds(silence, 'silence', 1) }
}
