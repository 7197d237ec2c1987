import type { Answer } from './answer'

/** The team's credits, as the server wrote them; null stands for what it did not say. */
export interface Credits {
  /** What the request cost. */
  readonly used: string | null
  /** What is left. */
  readonly balance: string | null
}

/** Numbers in any spelling, and a word such as `unlimited`. */
const amount = (text: string | null): string | null =>
  text !== null && /^[\w.,+-]{1,32}$/.test(text) ? text : null

/** The credits that an answer tells of; null if it tells of none. */
export const creditsOf = ({ header }: Answer): Credits | null => {
  const used = amount(header('x-ofapi-credits-used'))
  const balance = amount(header('x-ofapi-credits-balance'))
  return used === null && balance === null ? null : { used, balance }
}
