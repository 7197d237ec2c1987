import { describe, expect, test } from '@jest/globals'
import { parseRoute } from '../../../src/sandbox/http/route'

describe('a route', () => {
  test.each([
    ['POST', '/api/a/media/vault', { kind: 'start', account: 'a', endpoint: 'vault' }],
    ['POST', '/api/a/media/upload?x=1', { kind: 'start', account: 'a', endpoint: 'upload' }],
    ['GET', '/api/a/media/uploads/u/status', { kind: 'poll', account: 'a', upload: 'u' }],
    ['GET', '/api/a/media/vault', { kind: 'wrongMethod', allow: 'POST' }],
    ['HEAD', '/api/a/media/uploads/u/status', { kind: 'wrongMethod', allow: 'GET' }],
    ['GET', '/', { kind: 'unknown' }],
    ['GET', '', { kind: 'unknown' }],
    ['GET', '/api//media/uploads/u/status', { kind: 'unknown' }],
    ['GET', '/api/a/media/uploads/u/status/', { kind: 'unknown' }],
    ['GET', '/api/a/b/media/uploads/u/status', { kind: 'unknown' }],
    ['GET', '//api/a/media/uploads/u/status', { kind: 'unknown' }],
  ])('%s %s', (method, target, route) => {
    expect(parseRoute(method, target)).toMatchObject(route)
  })
})
