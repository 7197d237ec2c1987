import type { Answer } from './answer'

// IMF-fixdate, and the two obsolete forms that a recipient must still accept; of these, asctime
// has no zone and means GMT.
const form = /^[A-Z][a-z]+,? [\w -]{6,11} \d\d:\d\d:\d\d( GMT| \d{4})$/

const httpDate = (text: string): number =>
  form.test(text) ? Date.parse(text.replace(/\d$/, '$& GMT')) : NaN

/**
 * Milliseconds that an answer's `Retry-After` asks for, or null where it says nothing that can be
 * believed: zero, the past, and whatever is neither whole seconds nor an HTTP date.
 *
 * Read strictly, because `Number('')` is 0 and `Date.parse('-5')` is a date. A date is compared
 * with the answer's own `Date` where it has one, so that a wrong clock here does no harm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export const retryAfter = ({ header, receivedAt }: Answer): number | null => {
  const value = header('retry-after')?.trim() ?? ''
  const wait = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : httpDate(value) - (httpDate(header('date') ?? '') || receivedAt)
  return wait > 0 ? Math.min(wait, Number.MAX_SAFE_INTEGER) : null
}
