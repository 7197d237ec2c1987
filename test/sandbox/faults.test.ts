import { describe, expect, test } from '@jest/globals'
import { connect } from 'node:net'
import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  pending,
  reply,
  reset,
  silent,
  trickle,
  wire,
  type Sandbox,
  type ScriptedAnswer,
} from '../../src/sandbox'
import { ask, openSandbox, pollRaw, type RawAnswer } from './openSandbox'

const account = 'acct_sandbox'
const remaining = 'x-rate-limit-remaining-minute'

const rawAnswerOf = async (answer: ScriptedAnswer): Promise<RawAnswer> => {
  const sandbox = await openSandbox({ framing: 'length' })
  return pollRaw(sandbox.script(account, [answer]).pollingUrl, sandbox.apiKey)
}

const parts = (received: string): { readonly length: number; readonly body: string } => {
  const [head = '', body = ''] = received.split('\r\n\r\n')
  return { length: Number(/content-length: (\d+)/i.exec(head)?.[1]), body }
}

const poll = async (sandbox: Sandbox, answer: ScriptedAnswer) =>
  ask(sandbox, sandbox.script(account, [answer]).pollingUrl, { redirect: 'manual' })

describe('a scripted answer', () => {
  test('may be a status of the upload', async () => {
    const sandbox = await openSandbox()
    const upload = 'ofapi_media_chosen'
    const { pollingUrl } = sandbox.script(
      account,
      [pending(), failed('No.'), completed('upload')],
      upload,
    )
    const bodies = [1, 2, 3].map(async () => (await ask(sandbox, pollingUrl)).body)
    const [first, second, third] = [await bodies[0], await bodies[1], await bodies[2]]
    expect(first).toEqual({ status: 'pending', prefixed_id: upload })
    expect(second).toEqual({ status: 'failed', prefixed_id: upload, error: 'No.' })
    expect(third).toMatchObject({ status: 'completed', media: { file_name: 'photo.jpg' } })
  })

  test('may be an error of the API', async () => {
    const sandbox = await openSandbox()
    const answer = apiError(429, 'Slow.', { code: 'rate', headers: { 'Retry-After': 'abc' } })
    const { status, headers, body } = await poll(sandbox, answer)
    expect([status, headers.get('retry-after')]).toEqual([429, 'abc'])
    expect(body).toEqual({ error: 'Slow.', code: 'rate' })
    expect(sandbox.counts().rateLimited).toBe(1)
  })

  test('may be any JSON, with the rate limit headers or with its own', async () => {
    const sandbox = await openSandbox({ rateLimit: 9 })
    const body = { status: 'archived', _meta: 'mine' }
    const added = await poll(sandbox, json(200, body))
    expect(added.body).toEqual(body)
    expect(added.headers.get(remaining)).toBe('8')
    const own = await poll(sandbox, json(200, body, { 'X-Rate-Limit-Remaining-Minute': 'many' }))
    expect(own.headers.get(remaining)).toBe('many')
  })

  test('may be an HTML page', async () => {
    const { status, headers, body } = await poll(await openSandbox(), html(520))
    expect([status, headers.get('content-type')]).toEqual([520, 'text/html; charset=UTF-8'])
    expect(body).toContain('<html')
    expect(headers.get(remaining)).toBeNull()
    expect(headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-SBX$/)
  })

  test('is sent with its status, headers and body unchanged', async () => {
    const sandbox = await openSandbox({ rateLimit: { perMinute: 9 } })
    const moved = await poll(sandbox, reply(302, { Location: 'https://login.example/' }))
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'https://login.example/'])
    const raw = await poll(sandbox, reply(200, { 'content-type': 'text/plain' }, '{"é":'))
    expect(raw.body).toBe('{"é":')
    expect([raw.headers.get(remaining), raw.headers.get('cf-ray')]).toEqual([null, null])
    expect((await poll(sandbox, reply(204))).status).toBe(204)
  })

  test('is sent no earlier than its delay', async () => {
    const sandbox = await openSandbox()
    const start = performance.now()
    await poll(sandbox, delayed(40, pending()))
    expect(performance.now() - start).toBeGreaterThanOrEqual(39)
  })

  test('belongs to one upload only', async () => {
    const sandbox = await openSandbox()
    const one = sandbox.script(account, [html(502), pending()])
    const two = sandbox.script(account, [html(503), pending()])
    expect((await ask(sandbox, one.pollingUrl)).status).toBe(502)
    expect((await ask(sandbox, two.pollingUrl)).status).toBe(503)
    expect((await ask(sandbox, one.pollingUrl)).status).toBe(200)
  })

  test('does not change when the passed objects are mutated later', async () => {
    const sandbox = await openSandbox()
    const headers = { 'x-a': '1' }
    const body = { deep: { value: 1 } }
    const { pollingUrl } = sandbox.script(account, [json(200, body, headers)])
    headers['x-a'] = '2'
    body.deep.value = 2
    const polled = await ask(sandbox, pollingUrl)
    expect(polled.headers.get('x-a')).toBe('1')
    expect(polled.body).toEqual({ deep: { value: 1 } })
  })
})

describe('a fault on the socket', () => {
  test.each([
    ['half of the body', undefined, 0.5],
    ['nothing of the body', 0, 0],
    ['all but the end of the body', 0.99, 0.99],
  ])('cut sends %s, then ends the connection', async (_, after, share) => {
    const { received, ending } = await rawAnswerOf(cut(completed(), { after }))
    const { length, body } = parts(received)
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(body).toHaveLength(Math.floor(length * share))
    expect(ending).toBe('end')
  })

  test('cut by reset sends a part of the body, then resets the connection', async () => {
    const { received, ending } = await rawAnswerOf(cut(html(502), { by: 'reset' }))
    const { length, body } = parts(received)
    expect(received).toMatch(/^HTTP\/1\.1 502 /)
    expect(body).toHaveLength(Math.floor(length / 2))
    expect(ending).toBe('reset')
  })

  test('reset sends nothing', async () => {
    expect(await rawAnswerOf(reset())).toEqual({ received: '', ending: 'reset' })
  })

  test('delayed reset also sends nothing', async () => {
    expect(await rawAnswerOf(delayed(10, reset()))).toEqual({ received: '', ending: 'reset' })
  })

  test('trickle sends the whole body in several chunks', async () => {
    const sandbox = await openSandbox()
    const answer = trickle(reply(200, {}, 'abcdefg'), { every: 5, bytes: 2 })
    const { pollingUrl } = sandbox.script(account, [answer])
    const response = await fetch(pollingUrl, {
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
    })
    const pieces: string[] = []
    for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece).toString())
    expect(pieces.join('')).toBe('abcdefg')
    expect(pieces.length).toBeGreaterThan(1)
  })

  test('silent sends nothing until the client disconnects', async () => {
    const client = new AbortController()
    const sandbox = await openSandbox({
      on: () => {
        client.abort()
      },
    })
    const { pollingUrl, upload } = sandbox.script(account, [silent()])
    const headers = { authorization: `Bearer ${sandbox.apiKey}` }
    await expect(fetch(pollingUrl, { signal: client.signal, headers })).rejects.toThrow('aborted')
    expect(sandbox.requests()).toMatchObject([{ upload, status: null }])
  })

  test('wire sends raw bytes unchanged, then ends, resets or keeps the connection', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\xff'
    expect(await rawAnswerOf(wire(bytes))).toEqual({ received: bytes, ending: 'end' })
    expect(await rawAnswerOf(wire(bytes, 'reset'))).toEqual({ received: bytes, ending: 'reset' })
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script(account, [wire(bytes, 'stay')])
    const { port, pathname, hostname } = new URL(pollingUrl)
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: s\r\n`)
    socket.write(`Authorization: Bearer ${sandbox.apiKey}\r\n\r\n`)
    const bytesReceived = await new Promise<Buffer>(resolve => socket.once('data', resolve))
    expect(bytesReceived.toString('latin1')).toBe(bytes)
    expect(socket.readableEnded).toBe(false)
    socket.destroy()
  })

  test('does not affect later polls', async () => {
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script(account, [reset(), cut(pending()), pending()])
    await pollRaw(pollingUrl, sandbox.apiKey)
    await pollRaw(pollingUrl, sandbox.apiKey)
    expect((await ask(sandbox, pollingUrl)).body).toMatchObject({ status: 'pending' })
    expect(sandbox.requests().map(request => request.status)).toEqual([null, 200, 200])
  })
})

test('a scripted upload without an id never gets the id of an existing one', async () => {
  const first = await openSandbox()
  const second = await openSandbox()
  const { upload } = first.script(account, [html(502)])
  second.script(account, [html(502)], upload)
  expect(second.script(account, [pending()]).upload).not.toBe(upload)
})

describe('sandbox.script', () => {
  test('throws for an unknown account, an invalid or existing id, or an invalid answer', async () => {
    const sandbox = await openSandbox()
    sandbox.script(account, [pending()], 'ofapi_media_1')
    expect(() => sandbox.script('acct_0', [pending()])).toThrow(
      'account must be one of acct_sandbox, acct_1, fansly_acct_1; ' +
        'to add others use startSandbox({ accounts: [...] })',
    )
    expect(() => sandbox.script(account, [pending()], '..')).toThrow('upload')
    expect(() => sandbox.script(account, [pending()], 'ofapi_media_1')).toThrow('upload')
    expect(() => sandbox.script(account, [html(42)])).toThrow('scenario[0].status')
    expect(() => sandbox.script(account, [pending()], 'fansly_media_1')).toThrow('fansly_')
    expect(() => sandbox.script('fansly_acct_1', [pending()], 'ofapi_media_2')).toThrow('fansly_')
  })
})
