/**
 * The side of the relay in the page.
 *
 * @module rx-upload-status/relay/client
 */

export { relayedSource, relayedUploadStatus$, relayedUploadStatuses$ } from './relayedSource'
export { sharedTabs } from './sharedTabs'
export type { RelayedOptions } from './clientOptions'
export type { Tabs } from './tabs'
