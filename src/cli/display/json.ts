import * as E from 'fp-ts/lib/Either.js'
import type { Summary } from '../../pipeline/summarize'
import type { News } from '../news'

/** Control characters and invisible ones that JSON leaves as they are. */
const unescaped = /[\x7f-\x9f\u2028\u2029\p{Cf}]/gu

const escaped = (character: string): string =>
  character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/**
 * A status, or the failure to learn one, as a line of JSON in which a terminal finds no commands;
 * null for other news. A line of input that named no upload is told by its number.
 */
export const jsonLine = (news: News): string | null => {
  const members = membersOf(news)
  return members === null ? null : lineOf(members)
}

/** How all ended, as a line of JSON. */
export const summaryLine = (summary: Summary): string => lineOf({ summary })

const lineOf = (members: object): string => JSON.stringify(members).replace(unescaped, escaped)

const membersOf = (news: News): object | null => {
  switch (news.kind) {
    case 'begun':
    case 'happened':
    case 'warning':
      return null
    case 'learned': {
      const { account, upload, status } = news
      return E.isLeft(status)
        ? { account, upload, failure: status.left }
        : { account, upload, status: status.right }
    }
    case 'unreadable':
      return { account: null, upload: null, line: news.line, failure: news.failure }
  }
}
