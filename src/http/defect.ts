import { isRecord } from '../api/parseJson'

/** The shortest header value that is removed. Shorter ones are no secrets and match any text. */
const minLength = 8

/**
 * Copies an error without the values of headers in its texts: fetches quote a header that they refuse.
 * Omits other members, because they can hold a whole request.
 *
 * @param headers the headers that were sent, without the key
 * @param redact removes the key from a text
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
      .filter(({ length }) => length >= minLength)
      .reduce((rest, value) => rest.split(value).join('[header]'), redact(String(text)))
  const defect =
    name === 'ReferenceError' ? new ReferenceError(clean(message)) : new TypeError(clean(message))
  if (typeof stack === 'string') defect.stack = clean(stack)
  // Causes may be circular.
  if (isRecord(cause) && depth < 8) defect.cause = defectOf(cause, headers, redact, depth + 1)
  return defect
}
