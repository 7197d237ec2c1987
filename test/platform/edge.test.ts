import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { unreachable } from '../../src/failure/failure'
import edge from '../../src/platform/edge'
import { ownFetch } from '../../src/platform/ownFetch'

const name = 'ONLYFANSAPI_API_KEY'

afterEach(() => {
  Reflect.deleteProperty(process.env, name)
  jest.restoreAllMocks()
})

describe('an edge server', () => {
  test("uses the platform's own fetch", () => {
    expect(edge.fetch).toBe(ownFetch)
  })

  test('reads the key from the environment, if there is one', () => {
    process.env[name] = 'first'
    expect(edge.apiKey()).toBe('first')
    Reflect.deleteProperty(process.env, name)
    expect(edge.apiKey()).toBeUndefined()
  })

  test('has no key without an environment', () => {
    const own = process
    Object.assign(globalThis, { process: undefined })
    try {
      expect(edge.apiKey()).toBeUndefined()
    } finally {
      globalThis.process = own
    }
  })

  test('is always active', () => {
    expect(edge.activity$).toBeUndefined()
  })

  test('reads a standard stream', async () => {
    const read = edge.readerOf(new Response('abc').body)
    expect(Buffer.from((await read?.())?.value ?? []).toString()).toBe('abc')
    expect(edge.readerOf(null)).toBeNull()
  })

  test('reports a lost connection as UNKNOWN', () => {
    expect(edge.failureOf(new TypeError('Bearer sk_1'), '')).toEqual(unreachable('UNKNOWN'))
  })
})
