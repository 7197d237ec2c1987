import type { Durations } from './durations'

/** What can be expected of an upload that has not been polled for a while. */
interface Expected {
  /** The probability that it still goes on. */
  readonly goingOn: number
  /** How long ago it ended, in the mean, where 0 counts if it still goes on. */
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
 * What a poll is worth: the lateness that it would put an end to, over the probability that the upload
 * still goes on and the poll finds nothing. It grows with the age, without a bound.
 *
 * This follows the rule of optimal inspection (Barlow and Proschan): poll as soon as the lateness to
 * expect outweighs the price of a poll. A queue needs no price: it admits the request that is worth
 * most.
 */
export const worthOf = (durations: Durations, knownAge: number, age: number): number => {
  const { goingOn, lateness } = expectedAt(durations, knownAge, age)
  return lateness / goingOn
}

/** How late a poll finds an end, in the mean, that it does find. */
export const latenessOf = (durations: Durations, knownAge: number, age: number): number => {
  const { goingOn, lateness } = expectedAt(durations, knownAge, age)
  return goingOn < 1 ? Math.min(age - knownAge, lateness / (1 - goingOn)) : 0
}
