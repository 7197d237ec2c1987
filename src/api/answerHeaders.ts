import type { Answer } from './answer'

/**
 * Returns the id of a request, for the vendor's support: the API's id, or else the edge network's.
 * Ignores anything that does not look like an id.
 */
export const requestIdOf = ({ header }: Answer): string | undefined =>
  [header('x-request-id'), header('cf-ray')].find(
    (id): id is string => id !== null && /^[\w.:+=-]{1,128}$/.test(id),
  )

/** The team's credits, as the server wrote them; null if the answer does not state them. */
export interface Credits {
  /** The cost of the request. */
  readonly used: string | null
  /** The credits left. */
  readonly balance: string | null
}

/** Accepts numbers in any spelling, and a word such as `unlimited`. */
const amount = (text: string | null): string | null =>
  text !== null && /^[\w.,+-]{1,32}$/.test(text) ? text : null

/** Reads the credits from the headers of an answer; null if there are none. */
export const creditsOf = ({ header }: Answer): Credits | null => {
  const used = amount(header('x-ofapi-credits-used'))
  const balance = amount(header('x-ofapi-credits-balance'))
  return used === null && balance === null ? null : { used, balance }
}
