import type { Endpoint } from '../scenario/answers'

/** A path that the sandbox serves, with its parameters in braces. */
export type PathTemplate =
  | '/api/{account}/media/vault'
  | '/api/{account}/media/upload'
  | '/api/{account}/media/uploads/{upload}/status'

/** The endpoint that a request addresses. */
export type Route =
  | {
      readonly kind: 'start'
      readonly path: PathTemplate
      readonly account: string
      readonly endpoint: Endpoint
    }
  | {
      readonly kind: 'poll'
      readonly path: PathTemplate
      readonly account: string
      readonly upload: string
    }
  | { readonly kind: 'wrongMethod'; readonly path: PathTemplate; readonly allow: 'GET' | 'POST' }
  | { readonly kind: 'unknown'; readonly path: null }

const startPath = /^\/api\/([^/]+)\/media\/(vault|upload)$/
const pollPath = /^\/api\/([^/]+)\/media\/uploads\/([^/]+)\/status$/

/**
 * Parses a method and a request target. A query is ignored. Nothing is percent-decoded: identifiers
 * need no encoding, so an encoded identifier is an unknown one.
 */
export const parseRoute = (method: string, target: string): Route => {
  const [pathname = ''] = target.split('?', 1)
  const [, polled, upload] = pollPath.exec(pathname) ?? []
  if (polled !== undefined && upload !== undefined) {
    const path = '/api/{account}/media/uploads/{upload}/status'
    return method === 'GET'
      ? { kind: 'poll', path, account: polled, upload }
      : { kind: 'wrongMethod', path, allow: 'GET' }
  }
  const [, account, name] = startPath.exec(pathname) ?? []
  if (account !== undefined && name !== undefined) {
    const endpoint = name === 'vault' ? 'vault' : 'upload'
    const path = `/api/{account}/media/${endpoint}` as const
    return method === 'POST'
      ? { kind: 'start', path, account, endpoint }
      : { kind: 'wrongMethod', path, allow: 'POST' }
  }
  return { kind: 'unknown', path: null }
}

/** Returns the path where the status of an upload is polled. */
export const statusPath = (account: string, upload: string): string =>
  `/api/${account}/media/uploads/${upload}/status`

/** Returns the path where an upload is started. */
export const uploadPath = (account: string, endpoint: Endpoint): string =>
  `/api/${account}/media/${endpoint}`
