import type { Answer } from './answer'
import { httpDate, sentAt } from './httpDate'

/** The values of a header that may have been sent twice. A date has a comma of its own. */
const valuesOf = (header: string): readonly string[] =>
  header
    .split(',')
    .flatMap((part, i, parts) => [part.trim(), `${parts[i - 1] ?? ''},${part}`.trim()])

/**
 * Milliseconds that an answer's `Retry-After` asks for, the longest if it names several; null if it
 * names none that can be believed. Zero, the past, and whatever is neither whole seconds nor an HTTP
 * date cannot be believed.
 *
 * Read strictly, because `Number('')` is 0 and `Date.parse('-5')` is a date.
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
