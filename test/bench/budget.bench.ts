import { writeFileSync } from 'node:fs'
import { batch, seeded, steady } from './arrivals'
import { plot } from './plot'
import { everyTwoSeconds$, inOrderOfArrival$, ours$, oursWithHints$, run } from './simulation'
import { summaryOf } from './statistics'
import { printRows } from './table'

/**
 * How late the ends of uploads are noticed, and with how many requests, at a limit of 60 a minute: in
 * virtual time, with the unchanged watches and budget of this package.
 */
const policies = {
  'every 2 s': everyTwoSeconds$,
  'a budget, in order of arrival': inOrderOfArrival$,
  'this package': ours$,
  'this package, with hints': oursWithHints$,
}

const scenes = {
  'steady, 10 at a time': (random: () => number) => steady(10, 400, random),
  'steady, 20 at a time': (random: () => number) => steady(20, 400, random),
  '50 at once': (random: () => number) => batch(50, random),
  '200 at once': (random: () => number) => batch(200, random),
}

const seeds = [1, 2, 3, 4, 5]

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const results = Object.entries(scenes).map(([scene, arrivals]) => ({
  scene,
  policies: Object.entries(policies).map(([policy, watch$]) => {
    const courses = seeds.map(seed => run(arrivals(seeded(seed)), watch$, seeded(-seed)))
    const delays = courses.flatMap(course => course.delays)
    return {
      policy,
      ...summaryOf(delays),
      requests: sum(courses.map(({ requests }) => requests)) / delays.length,
      refused: sum(courses.map(({ refused }) => refused)),
    }
  }),
}))

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)

for (const { scene, policies: all } of results) {
  const [first] = all
  const ratio = (value: number, of: number | undefined): string => (value / (of ?? NaN)).toFixed(2)
  printRows(`Noticing an end: ${scene}, 60 requests a minute`, [
    ['', 'mean, s', 'it / first', 'p95, s', 'it / first', 'p95 / mean', 'longest, s'].concat([
      'requests an upload',
      'it / first',
      '429s',
    ]),
    ...all.map(({ policy, mean: average, p95, longest, requests, refused }) => [
      policy,
      seconds(average),
      ratio(average, first?.mean),
      seconds(p95),
      ratio(p95, first?.p95),
      ratio(p95, average),
      seconds(longest),
      requests.toFixed(1),
      ratio(requests, first?.requests),
      String(refused),
    ]),
  ])
}

const title = 'Seconds until the end of an upload is noticed, at 60 requests a minute'
writeFileSync('docs/performance.svg', plot(title, results))
