import { describe, expect, test } from '@jest/globals'
import { parseRoute, statusPath, uploadPath } from '../../../src/sandbox/http/route'

describe('parseRoute', () => {
  test.each([
    ['POST', '/api/a/media/vault', { kind: 'start', account: 'a', endpoint: 'vault' }],
    ['POST', '/api/a/media/upload?x=1', { kind: 'start', account: 'a', endpoint: 'upload' }],
    ['GET', '/api/a/media/uploads/u/status', { kind: 'poll', account: 'a', upload: 'u' }],
    [
      'POST',
      '/api/fansly/a/media/upload',
      { kind: 'start', account: 'a', endpoint: 'upload', platform: { name: 'fansly' } },
    ],
    [
      'POST',
      '/api/fansly/a/vault/media/upload',
      { kind: 'start', account: 'a', endpoint: 'vault', platform: { name: 'fansly' } },
    ],
    [
      'GET',
      '/api/fansly/a/media/uploads/u/status',
      { kind: 'poll', account: 'a', upload: 'u', platform: { name: 'fansly' } },
    ],
    ['POST', '/api/fansly/media/upload', { kind: 'start', account: 'fansly' }],
    ['GET', '/api/fansly/a/vault/media/upload', { kind: 'wrongMethod', allow: 'POST' }],
    ['POST', '/api/fansly/a/media/vault', { kind: 'unknown' }],
    ['GET', '/api/a/media/vault', { kind: 'wrongMethod', allow: 'POST' }],
    ['HEAD', '/api/a/media/uploads/u/status', { kind: 'wrongMethod', allow: 'GET' }],
    ['GET', '/', { kind: 'unknown' }],
    ['GET', '', { kind: 'unknown' }],
    ['GET', '/api//media/uploads/u/status', { kind: 'unknown' }],
    ['GET', '/api/a/media/uploads/u/status/', { kind: 'unknown' }],
    ['GET', '/api/a/b/media/uploads/u/status', { kind: 'unknown' }],
    ['GET', '//api/a/media/uploads/u/status', { kind: 'unknown' }],
  ])('parses %s %s', (method, target, route) => {
    expect(parseRoute(method, target)).toMatchObject(route)
  })

  test.each<[string, string]>([
    ['acct_1', 'ofapi_media_1'],
    ['fansly_acct_1', 'fansly_media_1'],
  ])('parses the paths of %s that statusPath and uploadPath return', (account, upload) => {
    expect(parseRoute('GET', statusPath(account, upload))).toMatchObject({
      kind: 'poll',
      account,
      upload,
    })
    for (const endpoint of ['vault', 'upload'] as const) {
      expect(parseRoute('POST', uploadPath(account, endpoint))).toMatchObject({
        kind: 'start',
        account,
        endpoint,
      })
    }
  })
})
