import { once } from 'node:events'
import { request, type Agent, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { freshConnections, maxAge, keptConnections } from '../../src/platform/nodeAgents'
import { keptFramings } from '../http/framing'
import { inTurn, whole, type Framings } from '../http/rawServer'
import { wire } from '../http/wire'
import { openSecure } from './secureServer'
import { selfSigned } from './selfSigned'

const opened: Agent[] = []

afterEach(() => {
  for (const agent of opened.splice(0)) agent.destroy()
})

const agentsAt = (time: { now: number }) => {
  const agents = keptConnections(() => time.now)
  opened.push(agents.http, agents.https)
  return agents
}

/** Reads an answer, and returns its connection when the agent has it back. */
const ask = async (agent: Agent, url: string): Promise<Socket> => {
  const asked = url.startsWith('https:')
    ? secureRequest(url, { agent, rejectUnauthorized: false })
    : request(url, { agent })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { socket } = response
  response.resume()
  await once(response, 'end')
  await new Promise(setImmediate)
  return socket
}

describe.each<[string, Framings]>(keptFramings.map(each => [each, [each]]))(
  'a connection with answers framed by %s',
  (_, framing) => {
    const answer = (status: number) => whole(status, '{}', {}, framing)

    test('is reused until its maximum age, and not after it', async () => {
      const server = await wire(answer(200))
      const time = { now: 5 }
      const { http } = agentsAt(time)
      await ask(http, server.url)
      time.now += maxAge / 2
      await ask(http, server.url)
      time.now += maxAge / 2
      await ask(http, server.url)
      expect(server.connections()).toBe(1)
      await server.left()
      await ask(http, server.url)
      expect(server.connections()).toBe(2)
    })

    test('is closed at its maximum age, even while it is idle', async () => {
      const server = await wire(answer(200))
      const time = { now: 0 }
      const { http } = agentsAt(time)
      await ask(http, server.url)
      time.now = maxAge - 1
      await ask(http, server.url)
      await server.left()
      expect([server.requests.length, server.connections()]).toEqual([2, 1])
    })

    test('is closed after a 5xx', async () => {
      const server = await wire(inTurn(answer(200), answer(503), answer(200)))
      const { http } = agentsAt({ now: 0 })
      await ask(http, server.url)
      await ask(http, server.url)
      await server.left()
      await ask(http, server.url)
      expect([server.requests.length, server.connections()]).toEqual([3, 2])
    })
  },
)

test.each([0, maxAge - 1])('a connection over TLS is kept at the age of %i ms', async age => {
  const server = await openSecure(selfSigned('localhost'))
  const time = { now: 0 }
  const { https } = agentsAt(time)
  await ask(https, server.url)
  time.now = age
  await ask(https, server.url)
  expect([server.requests(), server.connections()]).toEqual([2, 1])
})

test('a shorter timeout of the server for idle connections has precedence', async () => {
  const server = await wire(whole(200, '{}', { 'keep-alive': 'timeout=5' }, keptFramings))
  const time = { now: 0 }
  const { http } = agentsAt(time)
  const first = await ask(http, server.url)
  time.now = maxAge - 60_000
  expect(await ask(http, server.url)).toBe(first)
  expect(first.timeout).toBeLessThanOrEqual(5_000)
  time.now = maxAge - 10
  await ask(http, server.url)
  expect(first.timeout).toBe(10)
})

test('a fresh connection is closed after its answer', async () => {
  const server = await wire(whole(200, '{}', {}, keptFramings))
  const { http } = freshConnections()
  await ask(http, server.url)
  await server.left()
  await ask(http, server.url)
  expect([server.requests.length, server.connections()]).toEqual([2, 2])
})

test.each([keptConnections, freshConnections])(
  'each address of a name has enough time for a lost packet to be sent again (%#)',
  async connections => {
    const server = await wire(whole(200, '{}', {}, keptFramings))
    const { http } = connections()
    opened.push(http)
    const connect = jest.spyOn(http, 'createConnection')
    await ask(http, server.url)
    const patient = expect.objectContaining({ autoSelectFamilyAttemptTimeout: 1_500 })
    expect(connect.mock.calls.map(([options]) => options)).toEqual([patient])
  },
)
