import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { lastValueFrom, Subscription, tap } from 'rxjs'
import { describe, uploadStatuses$ } from 'rx-upload-status'
import { duration } from '../../src/cli/commands/optionValues'
import { seededFraction } from '../../src/sandbox/seededRandom'
import { heldBytes } from './heap'
import { renewConnections } from './platformFetch'
import { census, lastingResidue } from './residue'
import { startSandboxProcess } from './sandboxProcess'
import { scenarios, unavailable } from './scenarios'
import { series } from './series'
import { verdictOf } from './verdict'
import { ownFetch, standingAt, visits$, type Standing } from './visits'

// Watches start and stop for a long time, in rounds. After each round, when all have left and the sandbox
// is closed, no new resource may be alive, and the heap is measured.
//
//   npm run soak -- [DURATION, like 20m] [--seed N] [--leak]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, leak: { type: 'boolean', default: false } },
})
const length = duration.parse(positionals[0] ?? '2m')
if (length === null) throw new TypeError(`the length must be ${duration.expected}`)
const seed = Number(values.seed)

/** Milliseconds: growing tables and caches take minutes to become constant. */
const warmUp = Math.min(length, 300_000)

const watchesPerRound = 300
const uploadsPerRound = 120

/** The ends that a client caches: its size is constant only when it has as many. */
const remembered = 1_000

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const misdeeds: string[] = []
process.on('unhandledRejection', reason => misdeeds.push(`unhandled rejection: ${String(reason)}`))
process.on('warning', ({ name, message }) => misdeeds.push(`${name}: ${message}`))

const { signal } = new AbortController()
// The run starts many watches at the same time on purpose.
setMaxListeners(0, signal)
const sandbox = startSandboxProcess()
/** What --leak keeps alive, to show that the verdict can be a leak. */
const leaked: unknown[] = []

/** Counts of watches by their end. */
const tally = new Map<string, number>()

/** Runs one round. */
const play = async (round: number, standing: Standing): Promise<void> => {
  const premises = await sandbox.open({
    // Equally long in every round, because lasting clients cache names.
    name: `round_${String(round).padStart(6, '0')}`,
    scenarios: Array.from({ length: uploadsPerRound }, (_, nth) => nth % scenarios.length),
  })
  const draw = (name: string): number => seededFraction(seed, `${String(round)} ${name}`)
  const visited$ = visits$(watchesPerRound, premises, standing, draw)
  await lastValueFrom(visited$.pipe(tap(went => tally.set(went, (tally.get(went) ?? 0) + 1))))
  await sandbox.close()
}

/** Fills the caches of every lasting client, and the failures that the transports remember. */
const begin = async (): Promise<Standing> => {
  const premises = await sandbox.open({
    name: 'begin_000000',
    scenarios: Array.from({ length: remembered }, () => 0),
  })
  const standing = standingAt(premises, signal)
  for (const client of standing.clients)
    for (const upload of premises.uploads) {
      const end = await client.uploadOutcome(premises.account, upload)()
      if (end._tag === 'Left') throw new Error(`no end to remember: ${describe(end.left)}`)
    }
  await sandbox.close()
  const { account, apiKey, uploads, url } = await sandbox.open({
    name: 'begin_000001',
    scenarios: Array.from({ length: remembered }, () => scenarios.indexOf(unavailable)),
  })
  for (const fetch of [undefined, ownFetch])
    await lastValueFrom(
      uploadStatuses$(
        uploads.map(upload => ({ account, upload })),
        { apiKey, baseUrl: url, fetch, retry: { retries: 0 } },
      ),
    )
  await sandbox.close()
  return standing
}

const heap = series(100_000)
const leftOver = new Set<string>()

const standing = await begin()
// The first round loads what is loaded only once.
await play(0, standing)
await setTimeout(1_000)
const before = census(signal)

let saidAt = -Infinity
const start = performance.now() + warmUp
for (let round = 1; performance.now() < start + length; round += 1) {
  await play(round, standing)
  for (const what of await lastingResidue(before, signal)) leftOver.add(what)
  if (values.leak) leaked.push(Array.from({ length: watchesPerRound }, () => new Subscription()))
  standing.passMinute()
  renewConnections()
  const held = await heldBytes()
  const at = performance.now() - start
  if (at < 0) continue
  heap.add({ x: at / 60_000, y: held })
  if (at < saidAt + 60_000) continue
  saidAt = at
  say(`${(at / 60_000).toFixed(1).padStart(5)} min  ${String(held)} bytes held`)
}
sandbox.end()

const minutes = (performance.now() - start) / 60_000
const points = heap.points()
const watches = points.length * watchesPerRound
const broken = tally.get('broken') ?? 0
const { slope, perWatch, reasons } = verdictOf({
  heap: points,
  watchesPerMinute: watches / minutes,
  leftOver: [...leftOver],
  misdeeds:
    broken === 0 ? misdeeds : [...misdeeds, `${String(broken)} watches broke their grammar`],
})
const inWords = [...tally].map(([went, times]) => `${went} ${String(times)}`).sort()
say(`how the watches went, from the first on: ${inWords.join(', ')}`)
say(
  `${String(watches)} watches, ${String(points.length)} samples in ${minutes.toFixed(1)} minutes ` +
    `after ${String(warmUp / 60_000)} of warming up`,
)
say(
  `slope: ${slope.slope.toFixed(0)} bytes a minute, ` +
    `95 % interval ${slope.low.toFixed(0)} to ${slope.high.toFixed(0)}`,
)
say(`so a watch leaves at most ${Math.max(0, perWatch).toFixed(2)} bytes behind`)
say(`verdict: ${reasons.length === 0 ? 'clean' : reasons.join('; ')}`)
process.exitCode = reasons.length === 0 ? 0 : 1
