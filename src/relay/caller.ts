/** Who asks, or null where nobody can tell. */
export type Caller = string | null

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  return 'then' in value ? 'a promise' : 'an object'
}

/**
 * Returns what `callerOf` returned.
 *
 * @throws TypeError where it is no name: the caps of callers would not hold
 */
export const requireCaller = (value: unknown): Caller => {
  if (value === null || typeof value === 'string') return value
  throw new TypeError(
    `callerOf must return a string or null, not ${kindOf(value)}; if it takes time to find the caller, let authorize return { caller }`,
  )
}
