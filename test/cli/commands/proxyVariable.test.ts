import { describe, expect, test } from '@jest/globals'
import { proxyVariable } from '../../../src/cli/commands/proxyVariable'

const vendor = 'https://app.onlyfansapi.com'
const local = 'http://127.0.0.1:4010'
const proxy = 'http://proxy.example:3128'

describe('the variable that holds the proxy', () => {
  test.each<[string, string, Readonly<Record<string, string>>, string | null]>([
    ['is missing if none is set', vendor, {}, null],
    ['is HTTPS_PROXY for https', vendor, { HTTPS_PROXY: proxy }, 'HTTPS_PROXY'],
    ['is https_proxy first', vendor, { HTTPS_PROXY: 'x', https_proxy: proxy }, 'https_proxy'],
    ['is not http_proxy for https', vendor, { http_proxy: proxy }, null],
    ['is http_proxy for http', local, { http_proxy: proxy }, 'http_proxy'],
    ['is not HTTP_PROXY, which a client can set', local, { HTTP_PROXY: proxy }, null],
    ['is not https_proxy for http', local, { https_proxy: proxy }, null],
    ['is ALL_PROXY if there is no other', local, { ALL_PROXY: proxy }, 'ALL_PROXY'],
    ['is all_proxy first', vendor, { all_proxy: proxy, ALL_PROXY: 'x' }, 'all_proxy'],
    [
      'is the one of its own scheme first',
      vendor,
      { HTTPS_PROXY: proxy, all_proxy: 'x' },
      'HTTPS_PROXY',
    ],
    ['is not an empty one', vendor, { https_proxy: '', HTTPS_PROXY: proxy }, 'HTTPS_PROXY'],
  ])('%s', (_, address, env, variable) => {
    expect(proxyVariable(address, env)).toBe(variable)
  })
})

describe('NO_PROXY', () => {
  const isExcluded = (address: string, no_proxy: string): boolean =>
    proxyVariable(address, { ALL_PROXY: proxy, no_proxy }) === null

  test.each([
    ['*', vendor],
    ['a.example, *', vendor],
    ['app.onlyfansapi.com', vendor],
    ['onlyfansapi.com', vendor],
    ['.onlyfansapi.com', vendor],
    ['*.onlyfansapi.com', vendor],
    ['OnlyFansAPI.com.', vendor],
    ['a.example,onlyfansapi.com', vendor],
    ['a.example onlyfansapi.com', vendor],
    ['onlyfansapi.com:443', vendor],
    ['onlyfansapi.com:8443', `${vendor}:8443`],
    ['onlyfansapi.com', `${vendor}.`],
    ['127.0.0.1', local],
    ['127.0.0.1:4010', local],
    ['127.0.0.0/8', local],
    ['0.0.0.0/0', local],
    ['::1', 'http://[::1]:4010'],
    ['[::1]', 'http://[::1]:4010'],
    ['[::1]:4010', 'http://[::1]:4010'],
    ['0:0:0:0:0:0:0:1', 'http://[::1]:4010'],
    ['::/16', 'http://[::1]:4010'],
    ['localhost', 'http://localhost:4010'],
  ])('%j excludes %s', (entries, address) => {
    expect(isExcluded(address, entries)).toBe(true)
  })

  test.each([
    ['', vendor],
    [' , ', vendor],
    ['.', vendor],
    ['*.', vendor],
    ['fansapi.com', vendor],
    ['www.app.onlyfansapi.com', vendor],
    ['com.example', vendor],
    ['onlyfansapi.com:80', vendor],
    ['onlyfansapi.com:x', vendor],
    ['127.0.0.2', local],
    ['0.0.1', local],
    ['localhost', local],
    ['10.0.0.0/8', local],
    ['127.0.0.0/33', local],
    ['127.0.0.0/x', local],
    ['127.0.0.1:4011', local],
    ['::1', local],
    ['127.0.0.1', 'http://[::1]:4010'],
  ])('%j does not exclude %s', (entries, address) => {
    expect(isExcluded(address, entries)).toBe(false)
  })

  test('wins in lower case', () => {
    const env = { ALL_PROXY: proxy, no_proxy: 'a.example', NO_PROXY: '*' }
    expect(proxyVariable(vendor, env)).not.toBeNull()
    expect(proxyVariable(vendor, { ALL_PROXY: proxy, NO_PROXY: '*' })).toBeNull()
  })
})
