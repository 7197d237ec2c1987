import { within } from '../../failure/within'
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

/** Options, checked and completed. */
export interface RelayedSettings extends Settings {
  readonly silence: number
}

/**
 * Checks options and fills in the defaults, which are those of a watch.
 *
 * @throws TypeError or RangeError that names the option
 */
export const relayedSettingsOf = ({
  silence = 45_000,
  ...options
}: RelayedOptions): RelayedSettings => {
  within('option silence', silence, 1)
  return { ...settingsOf(options), silence }
}
