import type { Answer } from './answer'

/** The date of the one form in use. The two obsolete ones, which must still be accepted, become it. */
const fixdate = (text: string): string | undefined =>
  /^[A-Z][a-z]{2}, (.{24})$/.exec(
    text
      .replace(
        /^[A-Z][a-z]+day, (\d\d)-(\w{3})-(\d\d) /,
        (_, day: string, month: string, year: string) =>
          `Day, ${day} ${month} ${year < '50' ? '20' : '19'}${year} `,
      )
      .replace(
        /^[A-Z][a-z]{2} (\w{3}) ([ \d]\d) (\S{8}) (\d{4})$/,
        (_, month: string, day: string, time: string, year: string) =>
          `Day, ${day.replace(' ', '0')} ${month} ${year} ${time} GMT`,
      ),
  )?.[1]

/** Only what is written again as it was read is a date: `Date.parse` also reads what is none. */
const httpDate = (text: string): number => {
  const date = fixdate(text)
  // A leap second is one that `Date` does not know.
  const known = date?.replace(':60 ', ':59 ')
  const ms = Date.parse(known ?? '')
  return new Date(ms).toUTCString().slice(5) === known ? ms + (known === date ? 0 : 1_000) : NaN
}

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
