import type { Answer } from './answer'

/**
 * Returns the id of a request, for the vendor's support: the API's id, or else the edge network's.
 * Ignores anything that does not look like an id.
 */
export const requestIdOf = ({ header }: Answer): string | undefined =>
  [header('x-request-id'), header('cf-ray')].find(
    (id): id is string => id !== null && /^[\w.:+=-]{1,128}$/.test(id),
  )
