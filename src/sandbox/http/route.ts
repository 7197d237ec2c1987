import type { PathTemplate, Platform } from '../platform/imitatedPlatform'
import { platformOf, platforms } from '../platform/imitatedPlatforms'
import type { Endpoint } from '../scenario/answers'
import { pathPattern } from './pathPattern'

/** The endpoint that a request addresses. */
export type Route =
  | {
      readonly kind: 'start'
      readonly path: PathTemplate
      readonly platform: Platform
      readonly account: string
      readonly endpoint: Endpoint
    }
  | {
      readonly kind: 'poll'
      readonly path: PathTemplate
      readonly platform: Platform
      readonly account: string
      readonly upload: string
    }
  | { readonly kind: 'wrongMethod'; readonly path: PathTemplate; readonly allow: 'GET' | 'POST' }
  | { readonly kind: 'unknown'; readonly path: null }

/** Matches a path; null if it is another one. */
type PathParser = (pathname: string) => Exclude<Route, { kind: 'wrongMethod' | 'unknown' }> | null

const startParser = (platform: Platform, endpoint: Endpoint): PathParser => {
  const path = platform.startPaths[endpoint]
  const pattern = pathPattern(path)
  return pathname => {
    const account = pattern.exec(pathname)?.groups?.['account']
    return account === undefined ? null : { kind: 'start', path, platform, account, endpoint }
  }
}

const pollParser = (platform: Platform): PathParser => {
  const path = platform.statusPath
  const pattern = pathPattern(path)
  return pathname => {
    const { account, upload } = pattern.exec(pathname)?.groups ?? {}
    return account === undefined || upload === undefined
      ? null
      : { kind: 'poll', path, platform, account, upload }
  }
}

const parsers: readonly PathParser[] = platforms.flatMap(platform => [
  pollParser(platform),
  startParser(platform, 'vault'),
  startParser(platform, 'upload'),
])

/**
 * Parses a method and a request target. A query is ignored. Nothing is percent-decoded: identifiers
 * need no encoding, so an encoded identifier is an unknown one.
 */
export const parseRoute = (method: string, target: string): Route => {
  const [pathname = ''] = target.split('?', 1)
  for (const parse of parsers) {
    const route = parse(pathname)
    if (route === null) continue
    const allow = route.kind === 'poll' ? 'GET' : 'POST'
    return method === allow ? route : { kind: 'wrongMethod', path: route.path, allow }
  }
  return { kind: 'unknown', path: null }
}

const fill = (template: PathTemplate, account: string, upload = ''): string =>
  template.replace('{account}', account).replace('{upload}', upload)

/** Returns the path where the status of an upload is polled. */
export const statusPath = (account: string, upload: string): string =>
  fill(platformOf(account).statusPath, account, upload)

/** Returns the path where an upload is started. */
export const uploadPath = (account: string, endpoint: Endpoint): string =>
  fill(platformOf(account).startPaths[endpoint], account)
