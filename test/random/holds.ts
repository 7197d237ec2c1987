import { test } from '@jest/globals'
import fc from 'fast-check'
import { randomInt } from 'node:crypto'

/** By how much `npm run fuzz` multiplies the runs of `npm test`. */
export const factor = Number(process.env['FUZZ'] ?? 1)
const givenSeed = process.env['FUZZ_SEED']

const hour = 3_600_000

/**
 * Tests a law with random inputs: `runs` of them in `npm test`, and 200 times as many in `npm run fuzz`,
 * where the title shows their number and the seed. `FUZZ_SEED` sets the seed.
 */
export const holds = <A>(
  title: string,
  runs: number,
  property: fc.IProperty<A> | fc.IAsyncProperty<A>,
): void => {
  const numRuns = runs * factor
  const seed = givenSeed === undefined ? randomInt(2 ** 31) : Number(givenSeed)
  const suffix = `: ${numRuns.toLocaleString('en')} runs, seed ${String(seed)}`
  test(
    factor === 1 ? title : title + suffix,
    () => fc.assert(property, { numRuns, seed }),
    factor === 1 ? 60_000 : 4 * hour,
  )
}
