import * as E from '../failure/either'
import type { Answer } from './answer'

/**
 * Whether a body is a page: markup, or the edge network's plain `error code: 1020`. No JSON text starts
 * like that.
 */
export const isPageText = (text: string): boolean => /^\s*(<|error code: \d)/i.test(text)

/**
 * Whether an answer is a page, for example from the edge network or nginx, and not from the API. JSON
 * counts as an answer of the API, whatever its `Content-Type`.
 */
export const isPage = ({ body, header }: Answer): boolean =>
  E.isLeft(body) &&
  ((body.left._tag === 'Unavailable' && body.left.page) ||
    (body.left._tag === 'Malformed' &&
      body.left.reason === 'notJson' &&
      /^\s*(text\/html|application\/xhtml\+xml)\s*(;|$)/i.test(header('content-type') ?? '')))
