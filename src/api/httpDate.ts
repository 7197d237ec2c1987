import type { Answer } from './answer'

/** The date of the one form in use. The two obsolete ones, which must still be accepted, become it. */
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
 * Milliseconds since 1970 of an HTTP date, in any of its three forms; NaN for everything else. Only a
 * text that is written again as it was read is a date: `Date.parse` also reads what is none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
export const httpDate = (text: string): number => {
  const date = fixdate(text)
  // `Date` does not know leap seconds.
  const known = date?.replace(':60 ', ':59 ')
  const ms = Date.parse(known ?? '')
  return new Date(ms).toUTCString().slice(5) === known ? ms + (known === date ? 0 : 1_000) : NaN
}

/**
 * When an answer was sent, in ms since 1970: by the server's clock, which its `Date` shows, so that a
 * wrong clock here does no harm. Without a `Date`, by the clock here.
 */
export const sentAt = ({ header, receivedAt }: Answer): number =>
  httpDate(header('date') ?? '') || receivedAt
