import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { UploadStatus } from '../../src/api/status'
import { seededFraction } from '../../src/sandbox/seededRandom'
import {
  beforeAccepted,
  conflicting,
  drop,
  duplicate,
  forged,
  outOfOrder,
  send,
  unsigned,
} from '../../src/sandbox/webhooks/plan'
import { engines } from '../engines'
import { inFakeTime } from '../faults/fakeTime'
import { holds } from './holds'
import { live, type Life, type Lived } from './pushWorld'

const minutes = 60_000

const pushes = [send, drop, duplicate, beforeAccepted, outOfOrder, forged, unsigned, conflicting]

const life: fc.Arbitrary<Life> = fc.record({
  starts: fc.integer({ min: 0, max: 10 * minutes }),
  pends: fc.integer({ min: 0, max: minutes }),
  takes: fc.integer({ min: 0, max: 20 * minutes }),
  end: fc.constantFrom('completed', 'failed'),
  watchedAfter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 * minutes })),
  push: fc
    .record({
      push: fc.constantFrom(...pushes.map(make => make())),
      delay: fc.constantFrom(0, 5_000, 10 * minutes),
      spelling: fc.constantFrom('sdk', 'ids'),
    })
    .map(({ push, ...staging }) => ({ ...push, ...staging })),
})

const rank: { readonly [Status in UploadStatus['status']]: number } = {
  pending: 0,
  processing: 1,
  completed: 2,
  failed: 2,
}

/** How late the end of an upload was noticed, and the most that one lost event may cost. */
const lateness = ({ emitted, endsAt, watchedAt }: Lived) => {
  const noticed = emitted.find(({ status }) => rank[status.status] === 2)?.at ?? Infinity
  const age = Math.max(0, endsAt - watchedAt)
  return {
    endsAt,
    late: noticed - Math.max(endsAt, watchedAt),
    lost: Math.min(300_000, Math.max(15_000, age)),
    polled: Math.min(30_000, Math.max(1_000, 0.2 * age)),
  }
}

/** A day of uploads: 120 that take up to 10 min, with a push each. */
const day = (pushOf: (nth: number, endsAt: number) => Life['push']): readonly Life[] =>
  Array.from({ length: 120 }, (_, nth): Life => {
    const starts = Math.floor(60 * minutes * seededFraction(1, `starts ${String(nth)}`))
    const takes = Math.floor(10 * minutes * seededFraction(1, `takes ${String(nth)}`))
    const push = pushOf(nth, starts + takes)
    return { starts, pends: 0, takes, end: 'completed', watchedAfter: 0, push }
  })

describe.each(engines)('%s with a webhook', (_, engine) => {
  inFakeTime()

  holds(
    'emits only statuses that polling alone would emit, for any plan of pushes',
    15,
    fc.asyncProperty(
      fc.array(life, { minLength: 1, maxLength: 6 }),
      fc.array(fc.boolean(), { maxLength: 10 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      async (lives, failing, draw) => {
        const history = await live(engine, lives, {
          random: () => draw,
          fails: nth => failing[nth - 1] ?? false,
        })
        // Each end is processed once.
        expect(new Set(history.processed).size).toBe(history.processed.length)
        history.lives.forEach(({ emitted, endsAt, watchedAt }, nth) => {
          const { starts, pends, end } = lives[nth] ?? { starts: 0, pends: 0, end: 'failed' }
          const statuses = emitted.map(({ status }) => status.status)
          // Only forward, each once, and finally the end at the server.
          expect(statuses).toEqual([...new Set(statuses)].sort((a, b) => rank[a] - rank[b]))
          expect(statuses.at(-1)).toBe(end)
          expect(statuses.filter(status => rank[status] === 2)).toHaveLength(1)
          // Never before the server reports it.
          const reportedFrom = { pending: starts, processing: starts + pends, [end]: endsAt }
          for (const { at, status } of emitted)
            expect(at).toBeGreaterThanOrEqual(
              Math.max(watchedAt, reportedFrom[status.status] ?? NaN),
            )
        })
        for (const { late, lost } of history.lives.map(lateness))
          expect(late).toBeLessThanOrEqual(lost + 20)
      },
    ),
  )

  test('notices each end in time if 20 % of the events are lost', async () => {
    const lives = day(nth => (nth % 5 === 2 ? drop() : send()))
    const options = { random: () => 0.5, fails: () => false }
    const { lives: lived, requests } = await live(engine, lives, options)
    for (const { late, lost } of lived.map(lateness)) {
      expect(late).toBeGreaterThanOrEqual(0)
      expect(late).toBeLessThanOrEqual(lost + 20)
    }
    const polls = await live(engine, day(drop), options)
    expect(requests).toBeLessThan(polls.requests)
  }, 60_000)

  test('becomes as early as polling alone soon after the first miss, if events stop', async () => {
    const lives = day((__, endsAt) => (endsAt < 30 * minutes ? send() : drop()))
    const options = { random: () => 0.5, fails: () => false }
    const { lives: lived, firstMissAt } = await live(engine, lives, options)
    const recovered = firstMissAt + 15_000 + 30_000 + 5_000
    expect(firstMissAt).toBeLessThan(Infinity)
    const after = lived.map(lateness).filter(({ endsAt }) => endsAt > recovered)
    expect(after.length).toBeGreaterThan(20)
    for (const { late, polled } of after) expect(late).toBeLessThanOrEqual(polled + 20)
  }, 60_000)
})
