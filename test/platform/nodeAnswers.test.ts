import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { expect, test } from '@jest/globals'
import { readingAnswersWhole } from '../../src/platform/nodeAnswers'
import { bytes, end, head, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'

/** Sends a request, and returns the names of its events. */
const eventsOf = async (agent: Agent, reply: Reply): Promise<readonly string[]> => {
  const server = await wire(reply)
  const asked = request(server.url, { agent })
  const seen: string[] = []
  for (const event of ['error', 'close']) asked.on(event, () => seen.push(event))
  asked.on('response', (response: IncomingMessage) => {
    response.on('end', () => seen.push('end'))
    response.on('error', () => undefined)
    response.resume()
  })
  await new Promise(resolve => {
    asked.on('close', resolve).end()
  })
  agent.destroy()
  return seen
}

const more = bytes(`${head(200, { 'content-length': '2' })}{}<b>Notice</b>`)
const cut = bytes(`${head(200, { 'content-length': '9' })}{}`, end)

test.each<[string, Reply, readonly string[]]>([
  ['no error if more bytes follow its answer', more, ['end', 'close']],
  ['the end of its answer', whole(200, '{}'), ['end', 'close']],
])('a request emits %s', async (_, reply, expected) => {
  expect(await eventsOf(readingAnswersWhole(new Agent()), reply)).toEqual(expected)
})

test.each<[string, Reply]>([
  ['before its answer', socket => socket.destroy()],
  ['within its answer', cut],
])(
  'a request whose connection is lost %s emits the same events as without it',
  async (_, reply) => {
    const expected = await eventsOf(new Agent(), reply)
    expect(await eventsOf(readingAnswersWhole(new Agent()), reply)).toEqual(expected)
  },
)

test('an error after the whole answer has no listener', async () => {
  const server = await wire(whole(200, '{}'))
  const agent = readingAnswersWhole(new Agent())
  const asked = request(server.url, { agent }).end()
  asked.on('error', () => undefined)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
  expect(asked.emit('error', new Error('too late'))).toBe(false)
  agent.destroy()
})
