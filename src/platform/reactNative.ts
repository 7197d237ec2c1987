import crossFetch from 'cross-fetch'
import { unreachable } from '../failure/failure'
import { abortable } from '../http/abortable'
import { webReader } from '../http/body'
import type { Platform } from './platform'
import { webContext } from './webContext'
import { isWrongCall } from './wrongCall'

/** React Native, with cross-fetch. It has no default key: a key does not belong in an app. */
const reactNative: Platform = {
  headers: {},
  fetch: (url, init) => crossFetch(url, init),
  abortable,
  apiKey: () => undefined,
  activity$: undefined,
  readerOf: webReader,
  failureOf: error => (isWrongCall(error) ? null : unreachable('UNKNOWN')),
  context: webContext,
}

export default reactNative
