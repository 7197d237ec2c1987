import { test } from '@jest/globals'
import fc from 'fast-check'
import { randomInt } from 'node:crypto'

/** How many times as many runs there are as in `npm test`; `npm run fuzz` sets it. */
export const factor = Number(process.env['FUZZ'] ?? 1)
const givenSeed = process.env['FUZZ_SEED']

const hour = 3_600_000

/**
 * A test that a law holds for random inputs, this many of them in `npm test`. In `npm run fuzz`, which
 * takes 200 times as many, its title shows their number and the seed; `FUZZ_SEED` gives the seed.
 */
export const holds = <A>(
  title: string,
  runs: number,
  property: fc.IProperty<A> | fc.IAsyncProperty<A>,
): void => {
  const numRuns = runs * factor
  const seed = givenSeed === undefined ? randomInt(2 ** 31) : Number(givenSeed)
  const told = `: ${numRuns.toLocaleString('en')} runs, seed ${String(seed)}`
  test(
    factor === 1 ? title : title + told,
    () => fc.assert(property, { numRuns, seed }),
    factor === 1 ? 60_000 : 4 * hour,
  )
}
