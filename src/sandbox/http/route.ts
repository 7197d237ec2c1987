import type { Endpoint } from '../scenario/answers'

/** A path that the sandbox serves, with its parameters in braces. */
export type PathTemplate = keyof typeof templates

/** What is served at each path. Accounts of Fansly begin with `fansly_`, no others do. */
const templates = {
  '/api/{account}/media/vault': 'vault',
  '/api/{account}/media/upload': 'upload',
  '/api/{account}/media/uploads/{upload}/status': 'status',
  '/api/fansly/{account}/vault/media/upload': 'vault',
  '/api/fansly/{account}/media/upload': 'upload',
  '/api/fansly/{account}/media/uploads/{upload}/status': 'status',
} as const satisfies { readonly [path: string]: Endpoint | 'status' }

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

const isTemplate = (path: string): path is PathTemplate => path in templates

const isFansly = (text: string): boolean => text.startsWith('fansly_')

const patterns = Object.keys(templates)
  .filter(isTemplate)
  .map(path => {
    const account = path.startsWith('/api/fansly/') ? '(fansly_[^/]+)' : '((?!fansly_)[^/]+)'
    const pattern = path.replace('{account}', account).replace('{upload}', '([^/]+)')
    return { path, serves: templates[path], pattern: new RegExp(`^${pattern}$`) }
  })

/**
 * Parses a method and a request target. A query is ignored. Nothing is percent-decoded: identifiers
 * need no encoding, so an encoded identifier is an unknown one.
 */
export const parseRoute = (method: string, target: string): Route => {
  const [pathname = ''] = target.split('?', 1)
  for (const { path, serves, pattern } of patterns) {
    const [, account, upload = ''] = pattern.exec(pathname) ?? []
    if (account === undefined) continue
    const allow = serves === 'status' ? 'GET' : 'POST'
    if (method !== allow) return { kind: 'wrongMethod', path, allow }
    return serves === 'status'
      ? { kind: 'poll', path, account, upload }
      : { kind: 'start', path, account, endpoint: serves }
  }
  return { kind: 'unknown', path: null }
}

const pathOf = (account: string, serves: Endpoint | 'status', upload = ''): string => {
  const template = patterns.find(
    one => one.serves === serves && one.path.startsWith('/api/fansly/') === isFansly(account),
  )
  return (template?.path ?? '').replace('{account}', account).replace('{upload}', upload)
}

/** Returns the path where the status of an upload is polled. */
export const statusPath = (account: string, upload: string): string =>
  pathOf(account, 'status', upload)

/** Returns the path where an upload is started. */
export const uploadPath = (account: string, endpoint: Endpoint): string => pathOf(account, endpoint)
