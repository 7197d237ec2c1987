import { duration, parseOption, positiveDuration } from './optionValues'

/** The flags of all time limits of a watch that were given. */
export interface GivenLimits {
  readonly deadline?: string | undefined
  readonly 'attempt-timeout'?: string | undefined
  readonly 'not-found-grace'?: string | undefined
}

/** Parses the time limits of a watch, in milliseconds; undefined if a flag was not given. */
export const parseTimeLimits = (given: GivenLimits) => {
  const limit = (name: keyof GivenLimits, type = positiveDuration) =>
    parseOption(`--${name}`, given[name], type, undefined)
  return {
    deadline: limit('deadline'),
    attemptTimeout: limit('attempt-timeout'),
    notFoundGrace: limit('not-found-grace', duration),
  }
}
