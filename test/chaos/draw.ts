import { seededFraction } from '../../src/sandbox/seededRandom'

/** A pseudo-random number from 0 up to 1 for a name and the seed. */
export type Draw = (name: string) => number

export const drawOf =
  (seed: number, scope = ''): Draw =>
  name =>
    seededFraction(seed, `${scope} ${name}`)

/** One of several choices. */
export const pick = <const A>(draw: Draw, name: string, choices: readonly [A, ...A[]]): A =>
  choices[Math.floor(draw(name) * choices.length)] ?? choices[0]

/** One of several names, by their weights. */
export const pickWeighted = <Name extends string>(
  fraction: number,
  weights: Readonly<Record<Name, number>>,
): Name => {
  const names = Object.keys(weights) as Name[]
  let left = fraction * names.reduce((sum, name) => sum + weights[name], 0)
  const found = names.find(name => (left -= weights[name]) < 0)
  const [first] = names
  if (first === undefined) throw new RangeError('nothing to choose from')
  return found ?? first
}
