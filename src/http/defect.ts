import { isRecord } from '../api/parseJson'

/** Shorter ones are no secrets, and would be found in any text. */
const shortest = 8

/**
 * The same error, without the values of headers in its texts: fetches quote a header that they
 * refuse. Other members are left out, because they can hold a whole request.
 *
 * @param headers those that were sent, without the key
 * @param redact takes the key out of a text
 */
export const defectOf = (
  error: unknown,
  headers: { readonly [name: string]: string },
  redact: (text: string) => string,
  depth = 0,
): Error => {
  const { name, message, stack, cause } = isRecord(error) ? error : {}
  const clean = (text: unknown): string =>
    Object.values(headers)
      .filter(({ length }) => length >= shortest)
      .reduce((rest, value) => rest.split(value).join('[header]'), redact(String(text)))
  const defect =
    name === 'ReferenceError' ? new ReferenceError(clean(message)) : new TypeError(clean(message))
  if (typeof stack === 'string') defect.stack = clean(stack)
  // Causes may go in a circle.
  if (isRecord(cause) && depth < 8) defect.cause = defectOf(cause, headers, redact, depth + 1)
  return defect
}
