import { writeFileSync } from 'node:fs'
import { seeded } from './arrivals'
import { drifting, durations, hintedDurations, meanOf, type Draw } from './durations'
import { floorOf } from './floor'
import { answerTime, bySchedule, simulate, type Load, type Policy } from './loadSimulation'
import { realLoads, type RealLoad } from './realLoad'
import { plot, type Scene } from './plot'
import { mean, summaryOf } from './statistics'
import { printRows } from './table'

// How late the ends of uploads are noticed.
//
//   npm run bench load                                   beside the floor, in virtual time
//   LOAD_SECONDS=480 npm run bench load                  by HTTP and HTTPS too, each policy for that long
//   LOAD_SECONDS=120 LOAD_OPEN=1000 npm run bench load   only with 1,000 uploads open

const { LOAD_SECONDS = '0', LOAD_OPEN = '' } = process.env
const loads: readonly RealLoad[] = [
  { open: 15, perMinute: 60, protocol: 'http' },
  { open: 120, perMinute: 5_000, protocol: 'http' },
  { open: 250, perMinute: 5_000, protocol: 'http' },
  { open: 500, perMinute: 5_000, protocol: 'http' },
  { open: 1_000, perMinute: 5_000, protocol: 'http' },
  { open: 1_000, perMinute: 5_000, protocol: 'https' },
  { open: 2_000, perMinute: 5_000, protocol: 'http' },
]
// First, because each case runs this program again up to here.
if (Number(LOAD_SECONDS) > 0)
  await realLoads(
    loads.filter(({ open }) => LOAD_OPEN === '' || open === Number(LOAD_OPEN)),
    1_000 * Number(LOAD_SECONDS),
  )

/** In virtual time: policies with the queue of this package, over loads and distributions. */
const policies: Readonly<Record<string, Policy>> = {
  'a loop around a limiter': { order: 'waiting', rest: () => 0, usesHints: false },
  'longest overdue first, as before': { order: 'waiting', rest: bySchedule, usesHints: false },
  'this package': { order: 'worth', rest: bySchedule, usesHints: false },
  'this package, earliest: 500': { order: 'worth', rest: () => 500, usesHints: false },
  'this package, earliest: 500, with hints': { order: 'worth', rest: () => 500, usesHints: true },
}

const seeds = [1, 2, 3]
const seconds = (ms: number): string => (ms / 1_000).toFixed(2)

interface Case {
  readonly draw: Draw
  /** The mean number of uploads that are watched at the same time. */
  readonly open: number
  readonly perMinute: number
  readonly ends: Load['ends']
  /** The known distributions without hints and with hints; none if the distribution changes. */
  readonly known: readonly Draw[]
  readonly knownByHints: readonly Draw[]
}

const head = ['mean, s', 'p95, s', 'longest, s', 'requests an upload', 'floor, s', 'mean / floor']

/** Prints a table of the policies, and returns the panel to draw. */
const print = (
  title: string,
  { draw, open, perMinute, ends, known, knownByHints }: Case,
): Scene => {
  const arriving = (open * 60_000) / meanOf(draw, seeded(7))
  const load = { draw, arriving, perMinute, ends }
  const floorBy = (kinds: readonly Draw[]): number =>
    kinds.length === 0 ? NaN : floorOf(kinds, perMinute / arriving, seeded(5), answerTime)
  const floors = { plain: floorBy(known), hinted: floorBy(knownByHints) }
  const results = Object.entries(policies).map(([policy, options]) => {
    const courses = seeds.map(seed => simulate(options, load, seeded(seed)))
    const delays = courses.flatMap(course => course.delays)
    return {
      policy,
      ...summaryOf(delays),
      requests: mean(courses.map(course => course.requests)),
      floor: options.usesHints ? floors.hinted : floors.plain,
    }
  })
  printRows(title, [
    ['', ...head],
    ...results.map(({ policy, mean, p95, longest, requests, floor }) => [
      policy,
      ...[mean, p95, longest].map(seconds),
      requests.toFixed(2),
      seconds(floor),
      (mean / floor).toFixed(2),
    ]),
  ])
  return {
    scene: title,
    policies: [
      { policy: 'the floor', mean: floors.plain },
      ...results,
      { policy: 'the floor, with hints', mean: floors.hinted },
    ],
  }
}

const logNormal = durations['log-normal']
const byHints = { draw: logNormal, known: [logNormal], knownByHints: hintedDurations }

print('15 open at 60 a minute', { ...byHints, open: 15, perMinute: 60, ends: [200, 2_000] })
const scenes = [120, 250, 500, 1_000].map(open =>
  print(`${open.toLocaleString('en')} open at 5,000 a minute`, {
    ...byHints,
    open,
    perMinute: 5_000,
    ends: [6 * open, 6_000],
  }),
)
writeFileSync('docs/load.svg', plot('Seconds until the end of an upload is noticed', scenes))

for (const [open, perMinute] of [
  [1_000, 4_500],
  [2_000, 5_000],
] as const)
  print(`${open.toLocaleString('en')} open at ${perMinute.toLocaleString('en')} a minute`, {
    ...byHints,
    open,
    perMinute,
    ends: [6 * open, 6_000],
  })

// A tenth of the uploads and of the requests, so that 200 ends are only a part of all.
for (const [name, draw] of Object.entries({ ...durations, drifting }))
  print(`${name}: 100 open at 500 a minute, learned from nothing, after 200 ends`, {
    draw,
    open: 100,
    perMinute: 500,
    ends: [200, 3_000],
    known: draw === drifting ? [] : [draw],
    knownByHints: draw === logNormal ? hintedDurations : [],
  })
