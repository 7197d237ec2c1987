import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { lastValueFrom } from 'rxjs'
import type { Fetch } from '../../src/http/fetch'
import { request$ } from '../../src/http/request'
import node from '../../src/platform/node'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'

const ask = (url: string, fetch: Fetch, headers: { readonly [name: string]: string }) =>
  lastValueFrom(request$(url, { fetch, apiKey: () => 'key', headers, attemptTimeout: 4_000 }))

describe.each<[string, Fetch]>([
  ['the default fetch', node.fetch],
  ["Node's own fetch", globalThis.fetch],
])('headers in Node, with %s', (_, fetch) => {
  test.each([
    ['content-length', '5'],
    ['expect', '100-continue'],
    ['keep-alive', 'timeout=5'],
    ['trailer', 'x-end'],
    ['transfer-encoding', 'chunked'],
    ['upgrade', 'h2c'],
  ])('%s is an error that names it, and nothing is sent', async (name, value) => {
    const server = await wire(whole(200, '{}'))
    await expect(ask(server.url, fetch, { [name]: value })).rejects.toThrow(
      new TypeError(`headers must not have ${name}: only the HTTP client may send it`),
    )
    expect(server.requests).toEqual([])
  })

  test.each([
    ['connection', 'close'],
    ['te', 'trailers'],
    ['x-content-length', '5'],
  ])('%s is sent', async (name, value) => {
    const server = await wire(whole(200, '{}'))
    expect(await ask(server.url, fetch, { [name]: value })).toMatchObject(right({ status: 200 }))
    expect(server.requests[0]?.toLowerCase()).toContain(`${name}: ${value}\r\n`)
  })
})
