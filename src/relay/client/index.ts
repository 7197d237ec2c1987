export { relayedSource, relayedUploadStatus$, relayedUploadStatuses$ } from './relayedSource'
export type { RelayedOptions } from './clientOptions'
