import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Fetch } from '../../src/http/fetch'
import { lightAbortable } from '../../src/platform/nodeAbortable'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'

const own = Object.getOwnPropertyDescriptor(process, 'versions') ?? {}

/** The transport of a program that has just started. */
const freshTransport = async (): Promise<Fetch> => {
  jest.resetModules()
  return (await import('../../src/platform/transport')).transport
}

describe('the transport', () => {
  test('is cross-fetch in Node', async () => {
    const server = await wire(whole(200, '{}'))
    const transport = await freshTransport()
    await (await transport(server.url, lightAbortable({}).init)).text()
    expect(server.requests[0]).toMatch(/^user-agent: node-fetch/im)
  })
})

describe.each(['bun', 'deno'])('the transport in %s', runtime => {
  beforeEach(() => {
    Object.defineProperty(process, 'versions', {
      ...own,
      value: { ...process.versions, [runtime]: '1.0.0' },
    })
  })

  afterEach(() => {
    Object.defineProperty(process, 'versions', own)
  })

  test("is the platform's own fetch", async () => {
    const server = await wire(whole(200, '{"a":1}'))
    const transport = await freshTransport()
    const { init } = lightAbortable({ accept: 'application/json' })
    const response = await transport(server.url, init)
    expect(await response.text()).toBe('{"a":1}')
    expect(server.requests[0]).toMatch(/^accept: application\/json$/im)
    expect(server.requests[0]).not.toMatch(/node-fetch/)
  })

  test('is aborted by the signal of a request that was made for cross-fetch', async () => {
    const server = await wire(() => undefined)
    const transport = await freshTransport()
    const { init, abort } = lightAbortable({})
    const answer = transport(server.url, init)
    await server.heard(1)
    abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    await server.gone()
  })

  test('sends nothing if it is aborted before it is loaded', async () => {
    const server = await wire(whole(200, '{}'))
    const transport = await freshTransport()
    const { init, abort } = lightAbortable({})
    const answer = transport(server.url, init)
    abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.requests).toEqual([])
  })
})
