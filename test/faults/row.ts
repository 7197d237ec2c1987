import { describe, jest } from '@jest/globals'
import type { Fetch } from '../../src/http/fetch'
import { fetches } from '../fetches'

jest.setTimeout(30_000)

type FetchName = (typeof fetches)[number][0]

/** The fetch that the laws of a row run with. */
export interface Means {
  readonly fetch: Fetch
  /** Picks the value for this fetch. */
  readonly by: <A>(each: { readonly [Name in FetchName]: A }) => A
}

/**
 * One row of the table "Every fault" in docs/testing.md: runs the same laws with both fetches. The title
 * is the first column. `.ci/rows.js` counts the rows, and compares them with the table.
 */
export const row = (fault: string, laws: (means: Means) => void): void => {
  describe(fault, () => {
    describe.each(fetches)('by %s', (name, fetch) => {
      laws({ fetch, by: each => each[name] })
    })
  })
}
