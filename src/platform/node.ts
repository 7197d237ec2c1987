import type { Answered } from '../http/abortable'
import { webReader } from '../http/body'
import { withClosing, noteAnswer } from './closing'
import { checkedFraming } from './framingHeaders'
import { lazyAbortable, lightAbortable } from './nodeAbortable'
import { nodeContext } from './nodeContext'
import { acceptHost, failureOf } from './nodeFailure'
import { isNodeStream, nodeReader } from './nodeReader'
import type { Platform } from './platform'
import { transport } from './transport'
import { userAgent } from './userAgent'

const answered: Answered = (url, response) => {
  acceptHost(url)
  noteAnswer(url, response)
}

/** Node: cross-fetch, and the key from the environment. */
const node: Platform = {
  headers: { 'user-agent': userAgent },
  fetch: transport,
  abortable: (headers, fetch, url) =>
    fetch === transport
      ? lightAbortable(checkedFraming(headers), answered)
      : lazyAbortable(withClosing(url, checkedFraming(headers)), answered),
  apiKey: () => process.env['ONLYFANSAPI_API_KEY'],
  activity$: undefined,
  // The standard stream of Node's own fetch, or the Node stream of cross-fetch.
  readerOf: body => (isNodeStream(body) ? nodeReader(body) : webReader(body)),
  failureOf,
  context: nodeContext,
}

export default node
