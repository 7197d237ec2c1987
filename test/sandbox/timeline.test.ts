import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { drawTimeline, type TimelineSource } from '../../src/sandbox/drawTimeline'
import { seededFraction } from '../../src/sandbox/seededRandom'
import { statusAtAge } from '../../src/sandbox/timeline'

const source: fc.Arbitrary<TimelineSource> = fc.record({
  seed: fc.integer(),
  upload: fc.string(),
  durations: fc.record({
    pending: fc.nat(100_000),
    processing: fc.nat(100_000),
    spread: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  failureRate: fc.double({ min: 0, max: 1, noNaN: true }),
  mustFail: fc.boolean(),
})

const plain: TimelineSource = {
  seed: 1,
  upload: 'ofapi_media_1',
  durations: { pending: 500, processing: 2_000, spread: 0 },
  failureRate: 0,
  mustFail: false,
}

describe('a timeline', () => {
  test('is the same for the same source', () => {
    fc.assert(
      fc.property(source, from => {
        expect(drawTimeline({ ...from })).toEqual(drawTimeline(from))
      }),
    )
  })

  test('keeps each duration within its spread', () => {
    fc.assert(
      fc.property(source, from => {
        const { pending, processing, spread } = from.durations
        const { processingAt, endAt } = drawTimeline(from)
        const within = (length: number, duration: number): void => {
          expect(length).toBeGreaterThanOrEqual(duration * (1 - spread) - 1e-6)
          expect(length).toBeLessThanOrEqual(duration * (1 + spread) + 1e-6)
        }
        within(processingAt, pending)
        within(endAt - processingAt, processing)
      }),
    )
  })

  test('never goes backwards', () => {
    const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }
    fc.assert(
      fc.property(source, fc.nat(500_000), fc.nat(500_000), (from, a, b) => {
        const line = drawTimeline(from)
        const [early, late] = [statusAtAge(line, Math.min(a, b)), statusAtAge(line, Math.max(a, b))]
        expect(rank[early]).toBeLessThanOrEqual(rank[late])
        if (rank[early] === 2) expect(late).toBe(early)
      }),
    )
  })

  test('changes exactly at its durations without spread', () => {
    const line = drawTimeline(plain)
    const statuses = [0, 499, 500, 2_499, 2_500].map(age => statusAtAge(line, age))
    expect(statuses).toEqual(['pending', 'pending', 'processing', 'processing', 'completed'])
  })

  test('differs between uploads and between seeds', () => {
    const durations = { ...plain.durations, spread: 0.5 }
    const ends = [
      drawTimeline({ ...plain, durations }),
      drawTimeline({ ...plain, durations, upload: 'ofapi_media_2' }),
      drawTimeline({ ...plain, durations, seed: 2 }),
    ].map(line => line.endAt)
    expect(new Set(ends).size).toBe(3)
  })

  test('fails a share of uploads equal to the failure rate: none at 0, all at 1', () => {
    const share = (failureRate: number): number =>
      Array.from({ length: 1_000 }, (_, at) =>
        drawTimeline({ ...plain, upload: String(at), failureRate }),
      ).filter(line => line.end === 'failed').length / 1_000
    expect(share(0)).toBe(0)
    expect(share(1)).toBe(1)
    expect(Math.abs(share(0.3) - 0.3)).toBeLessThan(0.05)
  })

  test('fails every upload with mustFail', () => {
    expect(drawTimeline({ ...plain, mustFail: true }).end).toBe('failed')
  })
})

test('seededFraction returns a number in [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (seed, label) => {
      const drawn = seededFraction(seed, label)
      expect(drawn >= 0 && drawn < 1).toBe(true)
    }),
  )
})
