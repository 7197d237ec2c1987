import type { Durations } from './durations'

/** The expected state of an upload since its last poll. */
interface Expected {
  /** The probability that it is unfinished. */
  readonly goingOn: number
  /** The mean time since its end, counting 0 if it is unfinished. */
  readonly lateness: number
}

/** @param knownAge the age at which it was known to go on */
const expectedAt = (
  { hazardTo, remaining }: Durations,
  knownAge: number,
  age: number,
): Expected => {
  const goingOn = Math.exp(hazardTo(knownAge) - hazardTo(age))
  const untilEnd = remaining(knownAge) - goingOn * remaining(age)
  return { goingOn, lateness: Math.max(0, age - knownAge - untilEnd) }
}

/**
 * Returns the worth of a poll: the expected lateness that it would end, divided by the probability that
 * the upload is unfinished and the poll finds nothing. It grows with the age without bound.
 *
 * This follows the rule of optimal inspection (Barlow and Proschan): poll as soon as the expected
 * lateness outweighs the price of a poll. A queue needs no price: it admits the request with the most
 * worth.
 */
export const worthOf = (durations: Durations, knownAge: number, age: number): number => {
  const { goingOn, lateness } = expectedAt(durations, knownAge, age)
  return lateness / goingOn
}

/** The mean delay of an end that a poll finds. */
export const latenessOf = (durations: Durations, knownAge: number, age: number): number => {
  const { goingOn, lateness } = expectedAt(durations, knownAge, age)
  return goingOn < 1 ? Math.min(age - knownAge, lateness / (1 - goingOn)) : 0
}
