import { parseArgs } from 'node:util'
import { config, lastValueFrom, tap } from 'rxjs'
import { duration } from '../../src/cli/commands/optionValues'
import { heldBytes } from '../soak/heap'
import { renewConnections } from '../soak/platformFetch'
import { census, lastingResidue } from '../soak/residue'
import { series } from '../soak/series'
import { lostAnswers, noteAttempts } from './attempts'
import { drawOf } from './draw'
import { drawFate, nameOf } from './fate'
import { fill } from './fill'
import { measureLag } from './lag'
import { lasting } from './lasting'
import { now } from './now'
import { madeUp, receivedIn, type Received } from './received'
import { openRelayHost } from './relayHost'
import { startServerProcess } from './serverProcess'
import { shortest, summaryOf } from './summary'
import { Planned } from './visit'
import { visitors$ } from './visitors'
import { attemptTimeout, createWorld } from './world'

// Watches of every kind start and stop while a server, a relay and a proxy cause every kind of fault.
// After each round, when all watches have left, everything that was recorded is checked.
//
//   npm run chaos -- [LENGTH, like 10m] [--seed N] [--visitors N]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Math.floor(1e6 * Math.random())) },
    visitors: { type: 'string', default: '150' },
  },
})
const [length = '1m'] = positionals
const ms = /^\d+$/.test(length) ? Number(length) * 60_000 : duration.parse(length)
if (ms === null) throw new TypeError(`the length must be minutes, or ${duration.expected}`)
const seed = Number(values.seed)
const visitors = Number(values.visitors)

const uploadsPerRound = 60

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
say(`seed ${String(seed)}`)

const violations: string[] = []
const report = (what: string): void => {
  violations.push(what)
  say(what)
}
process.on('unhandledRejection', reason => {
  report(`rejection: ${String(reason)}`)
})
process.on('uncaughtException', error => {
  report(`exception: ${error.stack ?? String(error)}`)
})
process.on('warning', ({ name, message }) => {
  report(`warning: ${name}: ${message}`)
})
config.onUnhandledError = error => {
  if (!(error instanceof Planned)) report(`exception: ${String(error)}`)
}

const ownLag = measureLag()
const attempts = noteAttempts(now)
const relay = await openRelayHost(seed)
const server = await startServerProcess({ seed, relayPort: relay.port })
const world = createWorld(server, relay, attempts.listener)

/** Counts of watches by their end, and of requests by their fault. */
const ends = new Map<string, number>()
const faults = new Map<string, number>()
const count = (map: Map<string, number>, name: string, by = 1): void => {
  map.set(name, (map.get(name) ?? 0) + by)
}

/** Rounds in which the machine was fast enough for attempts to be in time. */
let judged = 0

const uploadsOf = (round: number): readonly string[] => {
  const draw = drawOf(seed, `uploads ${String(round)}`)
  return Array.from({ length: uploadsPerRound }, (_, nth) =>
    nameOf(round, nth, drawFate(draw, String(nth))),
  )
}

/** Runs one round. */
const play = async (number: number): Promise<void> => {
  ownLag.start()
  /** Calm watches that failed, which is no fault of the library on a busy machine. */
  const unlucky: string[] = []
  const received: Received[] = []
  const went$ = visitors$(visitors, {
    number,
    uploads: uploadsOf(number),
    world,
    draw: drawOf(seed, `round ${String(number)}`),
    report: what => {
      if (what.startsWith('calm: ')) unlucky.push(what)
      else report(what)
    },
    heard: tracked => {
      const one = receivedIn(tracked)
      if (one !== null) received.push(one)
    },
  })
  await lastValueFrom(
    went$.pipe(
      tap(end => {
        count(ends, end)
      }),
    ),
  )
  // Before the proxy breaks the connections that are left.
  const open = await lasting(relay.streams)
  if (open > 0) report(`left over: ${String(open)} streams of the relay`)
  const { log, unanswered, lag } = await server.settle()
  const late = lag + ownLag.stop()
  for (const { fault } of log) count(faults, fault ?? 'healthy')
  if (unanswered > 0) report(`left over: ${String(unanswered)} connections that were given up`)
  if (late < attemptTimeout / 2) {
    judged += 1
    unlucky.forEach(report)
  }
  for (const one of madeUp(received, log)) report(one)
  for (const lost of lostAnswers(attempts.take(), log, late)) report(lost)
}

const heap = series(100_000)
if (ms >= shortest) {
  await fill(seed, world)
  await server.settle()
  attempts.take()
}
// The first round loads what is loaded only once.
await play(0)
renewConnections()
await lastingResidue(census(world.signal), world.signal)
const before = census(world.signal)

const start = performance.now()
let saidAt = start
for (let number = 1; performance.now() < start + ms; number += 1) {
  await play(number)
  for (const what of await lastingResidue(before, world.signal)) report(`left over: ${what}`)
  for (const what of await world.held()) report(`left over: ${what}`)
  renewConnections()
  const at = performance.now()
  heap.add({ x: (at - start) / 60_000, y: await heldBytes() })
  if (at < saidAt + 60_000) continue
  saidAt = at
  const latest = heap.points().at(-1)
  say(`${((at - start) / 60_000).toFixed(1).padStart(5)} min  ${String(latest?.y)} bytes held`)
}
server.end()
relay.close()

const { lines, isClean } = summaryOf({
  heap: heap.points(),
  length: ms,
  judged,
  violations,
  ends,
  faults,
})
for (const line of lines) say(line)
process.exitCode = isClean ? 0 : 1
