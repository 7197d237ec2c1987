import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { UploadStatusClient } from 'rx-upload-status'
import { createStatusRelay, nodeListener, type RelayOptions } from 'rx-upload-status/relay'
import { drawOf } from './draw'

/** A port of this process for a relay. */
export interface RelayHost {
  readonly port: number
  /** Starts to relay the statuses of a client. */
  readonly serve: (client: UploadStatusClient) => void
  /** Streams that are open. */
  readonly streams: () => number
  readonly close: () => void
}

/** Permits most requests, denies some in every possible way, and delays some. */
const authorizeBy =
  (seed: number): RelayOptions['authorize'] =>
  async (_, { upload }) => {
    const drawn = drawOf(seed, upload)('authorize')
    if (drawn < 0.1) await setTimeout(2_000 * drawn)
    if (drawn > 0.98) throw new Error('cannot tell')
    return drawn > 0.96 ? 404 : drawn <= 0.94
  }

export const openRelayHost = async (seed: number): Promise<RelayHost> => {
  let streams = 0
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    serve: client => {
      const relay = createStatusRelay({
        client,
        authorize: authorizeBy(seed),
        heartbeat: 200,
        retry: 50,
        lifetime: 2_000,
        on: event => {
          streams = event.streams
        },
      })
      server.on('request', nodeListener(relay))
    },
    streams: () => streams,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
