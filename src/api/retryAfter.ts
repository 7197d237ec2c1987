import type { Answer } from './answer'
import { httpDate, sentAt } from './httpDate'

/** The values of a header that may have been sent twice. A date itself contains a comma. */
const valuesOf = (header: string): readonly string[] =>
  header
    .split(',')
    .flatMap((part, i, parts) => [part.trim(), `${parts[i - 1] ?? ''},${part}`.trim()])

/**
 * Returns the wait in `Retry-After` in milliseconds, the longest of several; null if it is missing or
 * invalid. Zero, a date in the past, and anything but whole seconds or an HTTP date is invalid.
 *
 * Parses strictly, because `Number('')` is 0 and `Date.parse('-5')` is a date.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export const retryAfter = (answer: Answer): number | null => {
  const header = answer.header('retry-after')
  if (header === null) return null
  const waits = valuesOf(header).map(value =>
    /^\d+$/.test(value) ? Number(value) * 1_000 : httpDate(value) - sentAt(answer),
  )
  const wait = Math.max(0, ...waits.filter(ms => !Number.isNaN(ms)))
  return wait > 0 ? Math.min(wait, Number.MAX_SAFE_INTEGER) : null
}
