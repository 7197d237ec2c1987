export {
  relayedSource,
  relayedUploadStatus$,
  relayedUploadStatuses$,
  type RelayedSource,
} from './relayedSource'
export type { RelayedOptions } from './options'
