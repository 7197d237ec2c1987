import { unreachable } from '../failure/failure'
import { abortable } from '../http/abortable'
import { webReader } from '../http/body'
import { ownFetch } from './ownFetch'
import type { Platform } from './platform'
import { webContext } from './webContext'
import { isWrongCall } from './wrongCall'

/** Edge runtimes (workerd, Vercel): their own fetch, and no page visibility. */
const edge: Platform = {
  headers: {},
  fetch: ownFetch,
  abortable,
  apiKey: () => (typeof process === 'undefined' ? undefined : process.env['ONLYFANSAPI_API_KEY']),
  activity$: undefined,
  readerOf: webReader,
  failureOf: error => (isWrongCall(error) ? null : unreachable('UNKNOWN')),
  context: webContext,
}

export default edge
