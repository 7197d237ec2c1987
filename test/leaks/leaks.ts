import { Server, Socket, type AddressInfo } from 'node:net'
import { afterEach, beforeEach } from '@jest/globals'
import { forgetHeld, stillHeld } from './handedIn'

/**
 * After every test: nothing remains that keeps the process alive, and no listener remains. Jest itself
 * fails a test with an unhandled rejection.
 *
 * A connection that an agent or the pool of Node's fetch keeps for the next request is not a leak: it
 * is idle and does not keep the process alive, so Node does not count it among its handles. Servers and
 * their ends of connections are not leaks either: tests close them afterwards.
 */

/** Milliseconds in which everything must be released. It is checked again in every turn. */
const patience = 2_000

// Read before a test can replace them with fake ones.
const { setImmediate, performance } = globalThis

/** The handles that keep this process alive. Node documents no other way to see *which* they are. */
const handles = (): readonly unknown[] => {
  const ask: unknown = Reflect.get(process, '_getActiveHandles')
  const found: unknown = typeof ask === 'function' ? Reflect.apply(ask, process, []) : null
  if (Array.isArray(found)) return found
  throw new Error('this version of Node does not list its handles')
}

/** Connections that this process made and that keep it alive. */
const connections = (): readonly Socket[] => {
  const found = handles()
  const servers = found.filter(handle => handle instanceof Server)
  const ports = new Set(servers.map(server => (server.address() as AddressInfo | null)?.port))
  return found
    .filter(handle => handle instanceof Socket)
    .filter(({ connecting, remotePort }) => connecting || remotePort !== undefined)
    .filter(({ localPort }) => !ports.has(localPort))
}

/**
 * The timers of the test itself. Node counts only all timers of the process, including those of Jest.
 */
let timers: NodeJS.Timeout[] = []

const isTimer = (value: unknown): value is NodeJS.Timeout =>
  typeof value === 'object' && value !== null && 'hasRef' in value

/** Whether it neither fired nor was cleared. Node documents no way to know that. */
const isLive = (timer: NodeJS.Timeout): boolean =>
  timer.hasRef() && Reflect.get(timer, '_destroyed') !== true

const noting = <Schedule extends typeof setTimeout | typeof setInterval>(
  schedule: Schedule,
): Schedule =>
  new Proxy(schedule, {
    apply: (target, self, args) => {
      const timer: unknown = Reflect.apply(target, self, args)
      if (isTimer(timer)) timers.push(timer)
      return timer
    },
  })

globalThis.setTimeout = noting(setTimeout)
globalThis.setInterval = noting(setInterval)

let connectionsBefore: readonly Socket[] = []

const leaks = (): readonly string[] => {
  const connected = connections().filter(socket => !connectionsBefore.includes(socket))
  const live = timers.filter(isLive).length
  return [
    ...connected.map(({ remotePort }) => `a connection to port ${String(remotePort)}`),
    ...(live > 0 ? [`${String(live)} timer${live === 1 ? '' : 's'}`] : []),
    ...stillHeld(),
  ]
}

beforeEach(() => {
  forgetHeld()
  connectionsBefore = connections()
  timers = []
})

afterEach(async () => {
  const start = performance.now()
  let left = leaks()
  while (left.length > 0 && performance.now() - start < patience) {
    await new Promise(resolve => setImmediate(resolve))
    left = leaks()
  }
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
})
