import * as E from './model/either'
import { statusUrls } from './model/endpoint'
import { invalidRequest } from './model/failure'
import type { Settings } from './options'
import { request$ } from './pipeline/request'
import type { RequestOf } from './pipeline/watches'

/** The request for the status of an upload, once every part of it is known to be safe. */
export const statusRequest = (settings: Settings): RequestOf => {
  const statusUrl = statusUrls(settings.baseUrl)
  return ({ account, upload, hint = 0 }, after) => {
    const url = statusUrl(account, upload)
    if (E.isLeft(url)) return url
    return hint >= 0
      ? E.right(request$(url.right, settings, after, [account, upload]))
      : E.left(invalidRequest('hint', 'must be milliseconds, from 0 up'))
  }
}
