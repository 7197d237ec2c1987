const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const two = (number: number): string => String(number).padStart(2, '0')

/** The three forms of an HTTP date in RFC 9110, written out by hand; milliseconds are cut off. */
export const httpDates: { readonly [name: string]: (ms: number) => string } = {
  'IMF-fixdate': ms => {
    const at = new Date(ms)
    const day = days[at.getUTCDay()]?.slice(0, 3) ?? ''
    const month = months[at.getUTCMonth()] ?? ''
    return `${day}, ${two(at.getUTCDate())} ${month} ${String(at.getUTCFullYear())} ${time(at)} GMT`
  },
  'RFC 850': ms => {
    const at = new Date(ms)
    const month = months[at.getUTCMonth()] ?? ''
    const year = two(at.getUTCFullYear() % 100)
    return `${days[at.getUTCDay()] ?? ''}, ${two(at.getUTCDate())}-${month}-${year} ${time(at)} GMT`
  },
  asctime: ms => {
    const at = new Date(ms)
    const day = days[at.getUTCDay()]?.slice(0, 3) ?? ''
    const date = String(at.getUTCDate()).padStart(2, ' ')
    return `${day} ${months[at.getUTCMonth()] ?? ''} ${date} ${time(at)} ${String(at.getUTCFullYear())}`
  },
}

const time = (at: Date): string =>
  [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')
