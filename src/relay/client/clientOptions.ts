import { members, milliseconds, wrongType } from '../../failure/checked'
import { settingsOf, type Settings, type WatchOptions } from '../../options'
import { shareOf, type Share, type Tabs } from './tabs'

/** The options of a relay's client, all optional. Durations are in milliseconds. */
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
  /**
   * Shares one stream among all tabs of the browser that name the same user: what `sharedTabs` returned.
   *
   * @default none: each tab has streams of its own
   */
  readonly tabs?: Tabs | undefined
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
  'tabs',
] satisfies ReadonlyArray<keyof RelayedOptions>

/** The checked options with their defaults. */
export interface RelayedSettings extends Settings {
  readonly silence: number
  readonly share: Share | undefined
}

/**
 * Checks options and fills in the defaults, which are those of a watch.
 *
 * @throws TypeError or RangeError that names the option
 */
export const relayedSettingsOf = (options: RelayedOptions): RelayedSettings => {
  members(options, 'options', names)
  const { silence = 45_000, tabs, ...watchOptions } = options
  const share = shareOf(tabs)
  if (tabs !== undefined && share === undefined)
    throw wrongType(tabs, 'tabs', 'what sharedTabs(user) returned')
  return { ...settingsOf(watchOptions), silence: milliseconds(silence, 'silence', 1), share }
}
