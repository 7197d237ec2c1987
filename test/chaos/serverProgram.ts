import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startFaultServer, type Request } from './faultServer'
import { startFaultyProxy } from './faultyProxy'
import { lasting } from './lasting'

// The server and the proxy of a chaos run, in their own process, so that their heap is not measured
// and their work does not delay the watches.

/** The first message. */
export interface Start {
  readonly seed: number
  /** The port of the relay behind the proxy. */
  readonly relayPort: number
}

/** The answer to it. */
export interface Ports {
  readonly api: number
  readonly proxy: number
}

/** The answer to each later message: what happened since the one before. */
export interface Report {
  readonly log: readonly Request[]
  /** Connections with an abandoned request that the client has not closed. */
  readonly unanswered: number
  /** The longest delay of this process, in milliseconds. */
  readonly lag: number
}

const begin = async ({ seed, relayPort }: Start): Promise<Ports> => {
  const api = await startFaultServer(seed)
  const proxy = await startFaultyProxy(seed, relayPort)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const report = async (): Promise<Report> => {
    const unanswered = await lasting(api.unanswered)
    api.dropAll()
    proxy.dropAll()
    const lag = delay.max / 1e6
    delay.reset()
    return { log: api.takeLog(), unanswered, lag }
  }
  process.on('message', () => {
    void report().then(answer => process.send?.(answer))
  })
  return { api: api.port, proxy: proxy.port }
}

process.once('message', (start: Start) => {
  void begin(start).then(ports => process.send?.(ports))
})
process.on('disconnect', () => process.exit())
