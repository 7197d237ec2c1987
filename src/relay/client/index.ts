/**
 * The side of the relay in the page.
 *
 * @module rx-upload-status/relay/client
 */

export { relayedSource, relayedUploadStatus$, relayedUploadStatuses$ } from './relayedSource'
export type { RelayedOptions } from './clientOptions'
