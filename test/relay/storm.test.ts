import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { createUploadStatusClient, requestBudget, spaced } from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { pending, processing, times } from 'rx-upload-status/sandbox'
import { openSandbox } from '../sandbox/openSandbox'
import { address, byHand, permissive, readerOf } from './byHand'
import { listen } from './hosts'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('a storm of connections, requests and resets leaves no stream and no poll', async () => {
  const { following, client } = byHand()
  const { events, options } = permissive({ following, client, emit: () => undefined })
  const { url, server } = await listen(nodeListener(createStatusRelay(options)))
  const { port } = new URL(url)
  const { search } = new URL(address('a', 'b', 'c'))
  const reset = async (nth: number): Promise<void> => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    const cookie = `Cookie: user=${String(nth % 7)}\r\n`
    socket.write(`GET /${search} HTTP/1.1\r\nHost: relay\r\n${cookie}\r\n`.repeat(1 + (nth % 4)))
    // Some disconnect before the relay has read a byte, some with the first byte, some later.
    for (let turns = 0; turns < nth % 5; turns += 1) await turn()
    if (nth % 2 === 0) socket.resetAndDestroy()
    else socket.destroy()
  }
  for (let wave = 0; wave < 10; wave += 1)
    await Promise.all(Array.from({ length: 30 }, (_, i) => reset(wave * 30 + i)))
  const connections = (): Promise<number> =>
    new Promise(resolve => {
      server.getConnections((_, count) => {
        resolve(count)
      })
    })
  while ((await connections()) > 0 || following() > 0) await turn()
  for (let turns = 0; turns < 20; turns += 1) await turn()
  expect(following()).toBe(0)
  const count = (tag: string): number => events.filter(({ _tag }) => _tag === tag).length
  expect(count('StreamOpened')).toBe(count('StreamClosed'))
  expect(events.at(-1)).toMatchObject({ streams: 0 })
}, 60_000)

test.each([
  [100, null],
  [1_000, 'user'],
])(
  '%d readers of 50 uploads cause one poll per upload, caller: %s',
  async (count, caller) => {
    const polls = 3
    const sandbox = await openSandbox()
    const account = sandbox.accounts[0] ?? ''
    const refs = Array.from({ length: 50 }, () =>
      sandbox.script(account, [pending(), times(polls, processing())]),
    )
    const client = createUploadStatusClient({
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      schedule: spaced(3_600_000),
      budget: requestBudget({ perMinute: 100_000 }),
    })
    const callerOf = ({ headers }: Request): string | null =>
      caller === null ? null : `${caller} ${headers.get('user') ?? ''}`
    const relay = createStatusRelay({ client, authorize: () => true, callerOf })
    const target = `https://relay.example/?${refs.map(ref => `ref=${ref.account}/${ref.upload}`).join('&')}`
    const readers = await Promise.all(
      Array.from({ length: count }, async (_, user) =>
        readerOf(await relay(new Request(target, { headers: { user: String(user) } }))),
      ),
    )
    for (const { next } of readers) {
      let text = ''
      while ((text.match(/"pending"/g) ?? []).length < 50) text += (await next()) ?? ''
    }
    expect(sandbox.counts().requests).toBe(50)
    await Promise.all(readers.map(({ leave }) => leave()))
  },
  60_000,
)
