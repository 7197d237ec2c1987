/** The session or user that makes a request, or null if it is unknown. */
export type Caller = string | null

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  return 'then' in value ? 'a promise' : 'an object'
}

/**
 * Checks the result of `callerOf`.
 *
 * @throws TypeError unless it is a string or null; otherwise the caps per caller would not hold
 */
export const requireCaller = (value: unknown): Caller => {
  if (value === null || typeof value === 'string') return value
  throw new TypeError(
    `callerOf must return a string or null, not ${kindOf(value)}; if it takes time to find the caller, let authorize return { caller }`,
  )
}
