/** Durations of uploads, in ms: about half a minute, so that the loads are comparable. */
export type Draw = (random: () => number, startsAt: number) => number

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const logNormal =
  (median: number, sigma: number): Draw =>
  random =>
    median * Math.exp(sigma * normal(random))

const photo = logNormal(3_000, 0.2)
const video = logNormal(60_000, 0.25)

/** Distributions: log-normal, as for most work that people submit, and alternatives. */
export const durations = {
  'log-normal': logNormal(20_000, 0.7),
  uniform: random => 5_000 + 45_000 * random(),
  exponential: random => -25_000 * Math.log(1 - random()),
  'bimodal: photos and videos': random => (random() < 0.6 ? photo : video)(random, 0),
  'heavy tail': random => Math.min(900_000, 8_000 * (1 - random()) ** (-1 / 1.5)),
} satisfies Readonly<Record<string, Draw>>

/** The median grows from 20 s to 40 s within a quarter of an hour. */
export const drifting: Draw = (random, startsAt) =>
  (1 + Math.min(1, startsAt / 900_000)) * durations['log-normal'](random, startsAt)

/** The error of a hint: the sigma of its logarithm. Two thirds are within a factor of 1.35. */
const hintSigma = 0.3

export const hintOf = (duration: number, random: () => number): number =>
  duration * Math.exp(hintSigma * normal(random))

/** Log-normal durations around nine equally likely hints. */
export const hintedDurations: readonly Draw[] = [
  -1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593,
].map(deviation => {
  const variance = 0.7 ** 2 + hintSigma ** 2
  const trust = 0.7 ** 2 / variance
  const median = 20_000 * Math.exp(trust * deviation * Math.sqrt(variance))
  return logNormal(median, Math.sqrt(trust) * hintSigma)
})

/** The mean of many draws. */
export const meanOf = (draw: Draw, random: () => number): number => {
  let sum = 0
  for (let nth = 0; nth < 100_000; nth += 1) sum += draw(random, 0)
  return sum / 100_000
}
