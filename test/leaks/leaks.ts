import { Server, Socket, type AddressInfo } from 'node:net'
import { afterEach, beforeEach } from '@jest/globals'
import { forgetHeld, stillHeld } from './handedIn'

/**
 * After every test: nothing is left that keeps a process alive, and nobody listens any more. That
 * no rejection is unhandled is looked after by jest itself, which fails the test.
 *
 * A connection that an agent, or the pool of Node's own fetch, keeps for the next request is no
 * leak: it is idle, and keeps no process alive, so that Node does not count it among its handles.
 * Servers are no leak either, nor is their end of a connection: tests close them after this.
 */

/** Milliseconds in which everything must be let go of. It is looked at again in every turn. */
const patience = 2_000

// Taken before a test can put a clock of its own in their place.
const { setImmediate, performance } = globalThis

/** The handles that keep this process alive. Node documents no other way to see *which* they are. */
const handles = (): readonly unknown[] => {
  const ask: unknown = Reflect.get(process, '_getActiveHandles')
  const found: unknown = typeof ask === 'function' ? Reflect.apply(ask, process, []) : null
  if (Array.isArray(found)) return found
  throw new Error('this Node does not tell its handles')
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
 * The timers that were made in the test's own world. Node counts the timers of the process alone,
 * and among them are jest's, which come and go.
 */
let timers: NodeJS.Timeout[] = []

const isTimer = (value: unknown): value is NodeJS.Timeout =>
  typeof value === 'object' && value !== null && 'hasRef' in value

/** Whether it neither fired nor was cleared; of that Node documents no sign. */
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
