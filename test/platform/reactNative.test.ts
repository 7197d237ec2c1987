import { expect, test } from '@jest/globals'
import { unreachable } from '../../src/failure/failure'
import { readBody } from '../../src/http/body'
import reactNative from '../../src/platform/reactNative'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'

const { signal } = new AbortController()

test('React Native uses cross-fetch', async () => {
  const server = await wire(whole(200, '{"a":1}'))
  const response = await reactNative.fetch(server.url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    redirect: 'manual',
    cache: 'no-store',
    signal,
  })
  expect(response.status).toBe(200)
  // Not a standard stream, so the text is read at once, as on a device.
  expect(await readBody(response, reactNative.readerOf, 100)).toBe('{"a":1}')
  expect(server.requests[0]).toMatch(/^accept: application\/json$/im)
})

test('React Native never reads a key from the environment', () => {
  process.env['ONLYFANSAPI_API_KEY'] = 'sk_never'
  try {
    expect(reactNative.apiKey()).toBeUndefined()
  } finally {
    Reflect.deleteProperty(process.env, 'ONLYFANSAPI_API_KEY')
  }
})

test('React Native has no activity$', () => {
  expect(reactNative.activity$).toBeUndefined()
})

test('React Native reads a standard stream, if there is one', async () => {
  const read = reactNative.readerOf(new Response('abc').body)
  expect(Buffer.from((await read?.())?.value ?? []).toString()).toBe('abc')
  expect(reactNative.readerOf(undefined)).toBeNull()
})

test('React Native reports a lost connection as UNKNOWN, without its message', () => {
  expect(reactNative.failureOf(new TypeError('Bearer sk_1'), '')).toEqual(unreachable('UNKNOWN'))
})
