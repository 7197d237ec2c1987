/**
 * A server that streams statuses to pages, so that the key stays on the server.
 *
 * @module rx-upload-status/relay
 */

export { createStatusRelay, type StatusRelay } from './createStatusRelay'
export type { RelayOptions, Upstream } from './relayOptions'
export type { Authorize, Verdict } from './authorization'
export { selectIdentity, type Select } from './select'
export type {
  RelayDefect,
  RelayEvent,
  StreamClosed,
  StreamOpened,
  StreamRefused,
} from './relayEvent'
export { nodeListener, type NodeListener, type NodeResponse } from '../listener/nodeListener'
export type { NodeBody } from '../listener/nodeBody'
export type { NodeRequest } from '../listener/nodeRequest'
export type { NodeConnection } from '../listener/turns'
