import type { Arrival } from './simulation'

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const median = 20_000
const sigma = 0.7
/** The error of the hints: two thirds are within a factor of 1.35. */
const hintSigma = 0.3

/** Durations are log-normal, like those of most work that people submit. */
const arrival = (nth: number, startsAt: number, random: () => number): Arrival => {
  const duration = median * Math.exp(sigma * normal(random))
  return {
    upload: `ofapi_media_${String(nth)}`,
    startsAt,
    endsAt: startsAt + duration,
    hint: duration * Math.exp(hintSigma * normal(random)),
  }
}

/** All at the same time. */
export const batch = (uploads: number, random: () => number): readonly Arrival[] =>
  Array.from({ length: uploads }, (_, nth) => arrival(nth, 0, random))

/** One after the other, at random times (Poisson), this many at the same time on average. */
export const steady = (
  atATime: number,
  uploads: number,
  random: () => number,
): readonly Arrival[] => {
  const between = (median * Math.exp(sigma ** 2 / 2)) / atATime
  let startsAt = 0
  return Array.from({ length: uploads }, (_, nth) => {
    startsAt -= between * Math.log(1 - random())
    return arrival(nth, startsAt, random)
  })
}
