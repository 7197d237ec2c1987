/** Which of the two endpoints started an upload; it decides the shape of the finished media. */
export type Endpoint = 'vault' | 'upload'

/** The three paths that the sandbox serves, with their variables in braces. */
export type PathTemplate =
  | '/api/{account}/media/vault'
  | '/api/{account}/media/upload'
  | '/api/{account}/media/uploads/{upload}/status'

/** What a request line asks for. */
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
 * Reads a method and a request target. Segments are compared as sent: identifiers need no
 * percent-encoding, so an encoded one is nobody's. A query is ignored.
 */
export const routeOf = (method: string, target: string): Route => {
  const [pathname = ''] = target.split('?', 1)
  const [, poller, upload] = pollPath.exec(pathname) ?? []
  if (poller !== undefined && upload !== undefined) {
    const path = '/api/{account}/media/uploads/{upload}/status'
    return method === 'GET'
      ? { kind: 'poll', path, account: poller, upload }
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

/** The path at which an upload is polled. */
export const statusPath = (account: string, upload: string): string =>
  `/api/${account}/media/uploads/${upload}/status`
