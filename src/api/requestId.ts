import type { Answer } from './answer'

/**
 * The id of a request, for the vendor's support: the one that the API gave it, or else that of the
 * edge network. Anything that does not look like an id is left out.
 */
export const requestIdOf = ({ header }: Answer): string | undefined =>
  [header('x-request-id'), header('cf-ray')].find(
    (id): id is string => id !== null && /^[\w.:+=-]{1,128}$/.test(id),
  )
