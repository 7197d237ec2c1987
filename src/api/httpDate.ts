import type { Answer } from './answer'

/** Converts the two obsolete forms, which must still be accepted, to the current one. */
const fixdate = (text: string): string | undefined =>
  /^[A-Z][a-z]{2}, (.{24})$/.exec(
    text
      .replace(
        /[A-Z][a-z]+day, (\d\d)-(\w{3})-(\d\d) /,
        (_, day: string, month: string, year: string) =>
          `Day, ${day} ${month} ${year < '50' ? '20' : '19'}${year} `,
      )
      .replace(
        /[A-Z][a-z]{2} (\w{3}) ([ \d]\d) (\S{8}) (\d{4})/,
        (_, month: string, day: string, time: string, year: string) =>
          `Day, ${day.replace(' ', '0')} ${month} ${year} ${time} GMT`,
      ),
  )?.[1]

/**
 * Parses an HTTP date in any of its three forms to milliseconds since 1970; NaN for anything else. The
 * parsed date must format back to the same text, because `Date.parse` also accepts other texts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
export const httpDate = (text: string): number => {
  const date = fixdate(text)
  // `Date` does not support leap seconds.
  const known = date?.replace(':60 ', ':59 ')
  const ms = Date.parse(known ?? '')
  return new Date(ms).toUTCString().slice(5) === known ? ms + (known === date ? 0 : 1_000) : NaN
}

/**
 * The time at which an answer was sent, in ms since 1970. It comes from the `Date` header, so that a
 * wrong local clock does no harm; without a `Date` header it comes from the local clock.
 */
export const sentAt = ({ header, receivedAt }: Answer): number =>
  httpDate(header('date') ?? '') || receivedAt
