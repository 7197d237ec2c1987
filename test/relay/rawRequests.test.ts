import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import express from 'express'
import { createStatusRelay, nodeListener, type RelayOptions } from 'rx-upload-status/relay'
import { ref } from '../answers'
import { byHand, permissive } from './byHand'
import { hosts, listen, type Host } from './hosts'

const sockets: Socket[] = []

/** Closes all sockets. The check for leftovers runs before any hook of this file. */
const hangUp = (): void => {
  for (const socket of sockets.splice(0)) socket.destroy()
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A relay under a host, and a way to write bytes to it. */
const open = async (
  options: Partial<RelayOptions> = {},
  host: Host = relay => listen(nodeListener(relay)),
) => {
  const upstream = byHand()
  const { events, options: whole } = permissive(upstream, options)
  const { url } = await host(createStatusRelay(whole))
  const connected = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
  return { ...upstream, events, connected }
}

const request = (headers = '', path = '/'): string =>
  `GET ${path}?ref=${ref.account}/${ref.upload} HTTP/1.1\r\nHost: relay.example\r\n${headers}\r\n`

describe('pipelined requests', () => {
  test.each([1, 2, 9, 10_000])(
    'leave no stream and no poll after a reset (%d requests)',
    async count => {
      const { connected, events, following } = await open()
      const socket = await connected()
      socket.write(request().repeat(count))
      while (events.length === 0) await turn()
      socket.resetAndDestroy()
      while (following() > 0) await turn()
      for (let turns = 0; turns < 50; turns += 1) await turn()
      expect(following()).toBe(0)
      expect(events.filter(({ _tag }) => _tag === 'StreamOpened')).toHaveLength(1)
      expect(events.at(-1)).toMatchObject({ _tag: 'StreamClosed', why: 'left', streams: 0 })
    },
  )

  test.each(['Express', 'Hono with nodeListener'])(
    'leave no stream and no poll after a reset under %s',
    async name => {
      const { connected, events, following } = await open({}, hosts[name])
      const socket = await connected()
      socket.write(request('', '/uploads/live').repeat(9))
      while (events.length === 0) await turn()
      socket.resetAndDestroy()
      while (following() > 0) await turn()
      for (let turns = 0; turns < 50; turns += 1) await turn()
      expect(events.map(({ _tag }) => _tag)).toEqual(['StreamOpened', 'StreamClosed'])
    },
  )

  test('are answered one at a time', async () => {
    const { connected, events, emit, following } = await open()
    const socket = await connected()
    let text = ''
    socket.on('data', (piece: Buffer) => {
      text += piece.toString()
    })
    socket.write(request() + request())
    while (following() === 0) await turn()
    for (let turns = 0; turns < 20; turns += 1) await turn()
    expect(following()).toBe(1)
    emit({ status: 'failed', prefixed_id: ref.upload, error: 'no' })
    // Half of the servers in these tests close the connection after an answer.
    while (events.length < 3 && !socket.destroyed) await turn()
    expect(text.match(/"failed"/g)).toHaveLength(1)
    hangUp()
  })

  test('leave no stream if the connection breaks while another handler still answers', async () => {
    const upstream = byHand()
    const { events, options } = permissive(upstream)
    const app = express()
    let held = 0
    app.get('/slow', () => {
      held += 1
    })
    app.use('/', nodeListener(createStatusRelay(options)))
    const { url } = await listen(app)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    sockets.push(socket)
    socket.write(`GET /slow HTTP/1.1\r\nHost: relay\r\n\r\n${request().repeat(5)}`)
    while (held === 0 || upstream.following() === 0) await turn()
    expect(upstream.following()).toBe(1)
    socket.destroy()
    while (upstream.following() > 0) await turn()
    expect(events.at(-1)).toMatchObject({ _tag: 'StreamClosed', streams: 0 })
  })
})

describe('a request target', () => {
  const status = async (target: string, headers = ''): Promise<number> => {
    const { connected } = await open()
    const socket = await connected()
    socket.write(`GET ${target} HTTP/1.1\r\nHost: relay.example\r\n${headers}\r\n`)
    const [piece] = (await once(socket, 'data')) as [Buffer]
    hangUp()
    return Number(/^HTTP\/1\.1 (\d+)/.exec(piece.toString())?.[1])
  }
  const query = `?ref=${ref.account}/${ref.upload}`

  test.each([
    `//evil.example/${query}`,
    `//evil.example${query}`,
    `///evil.example/${query}`,
    `/\\evil.example/${query}`,
    `\\\\evil.example/${query}`,
    `http://evil.example/${query}`,
    `https://relay.example/${query}`,
    `evil.example/${query}`,
    `@evil.example/${query}`,
    `*${query}`,
  ])('is rejected if it is not a path: %s', async target => {
    expect(await status(target)).toBe(400)
    expect(await status(target, 'Origin: http://evil.example\r\n')).toBeGreaterThanOrEqual(400)
  })

  test('is resolved on the requested host if it is a path', async () => {
    expect(await status(`/live${query}`)).toBe(200)
    expect(await status(`/live//evil.example/${query}`)).toBe(200)
    expect(await status(`/live${query}`, 'Origin: http://relay.example\r\n')).toBe(200)
    expect(await status(`/live${query}`, 'Origin: http://evil.example\r\n')).toBe(403)
  })
})

test.each(['evil.example/x', 'a@evil.example', 'evil.example?', 'evil.example#', 'a b', ''])(
  'an invalid Host header is rejected: %s',
  async host => {
    const { connected } = await open()
    const socket = await connected()
    socket.write(`GET /?ref=a/b HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    const [piece] = (await once(socket, 'data')) as [Buffer]
    hangUp()
    expect(piece.toString()).toMatch(/^HTTP\/1\.1 400 /)
  },
)
