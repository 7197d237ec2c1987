import { expect, test } from '@jest/globals'
import { completed, cut, processing, reply } from '../../src/sandbox'
import { ask, hear, openSandbox } from './openSandbox'

const account = 'acct_sandbox'

test.each<['length' | 'chunked', boolean, string | null]>([
  ['length', true, null],
  ['chunked', false, 'chunked'],
])('an answer is framed by %s', async (framing, hasLength, encoding) => {
  const sandbox = await openSandbox({ framing })
  const { pollingUrl } = sandbox.script(account, [processing(), completed()])
  for (const status of ['processing', 'completed']) {
    const { headers, body } = await ask(sandbox, pollingUrl)
    expect(body).toMatchObject({ status })
    expect([headers.has('content-length'), headers.get('transfer-encoding')]).toEqual([
      hasLength,
      encoding,
    ])
  }
})

test('a chunked answer that is cut has no last chunk', async () => {
  const sandbox = await openSandbox({ framing: 'chunked' })
  const { pollingUrl } = sandbox.script(account, [cut(completed(), { after: 0.5, by: 'end' })])
  const { received } = await hear(pollingUrl, sandbox.apiKey)
  expect(received).toMatch(/^transfer-encoding: chunked\r$/im)
  expect(received).not.toMatch(/\r\n0\r\n\r\n$/)
})

test('a length that an answer states itself is kept', async () => {
  const sandbox = await openSandbox({ framing: 'chunked' })
  const { pollingUrl } = sandbox.script(account, [reply(200, { 'Content-Length': '2' }, '{}')])
  expect((await ask(sandbox, pollingUrl)).headers.get('content-length')).toBe('2')
})
