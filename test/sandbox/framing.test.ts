import { describe, expect, test } from '@jest/globals'
import { completed, cut, processing, reply, trickle, type Scenario } from '../../src/sandbox'
import { framings, type Framing } from '../../src/sandbox/http/framing'
import { ask, openSandbox, pollRaw } from './openSandbox'

const account = 'acct_sandbox'

describe.each(framings)('an answer framed by %s', framing => {
  const lines: Readonly<
    Record<Framing, readonly [status: RegExp, present: RegExp, absent: RegExp]>
  > = {
    length: [/^HTTP\/1\.1 200/, /^content-length: \d+\r$/im, /^transfer-encoding/im],
    chunked: [/^HTTP\/1\.1 200/, /^transfer-encoding: chunked\r$/im, /^content-length/im],
    close: [/^HTTP\/1\.1 200/, /^connection: close\r$/im, /^(content-length|transfer-enc)/im],
    http10: [/^HTTP\/1\.0 200/, /^date: /im, /^(content-length|transfer-encoding|connection)/im],
  }

  const listen = async (scenario: Scenario): Promise<string> => {
    const sandbox = await openSandbox({ framing })
    const { pollingUrl } = sandbox.script(account, scenario)
    return (await pollRaw(pollingUrl, sandbox.apiKey, 'close')).received
  }

  test('states the framing in its head', async () => {
    const head = (await listen([processing()])).split('\r\n\r\n')[0] ?? ''
    const [status, present, absent] = lines[framing]
    expect(head).toMatch(status)
    expect(`${head}\r`).toMatch(present)
    expect(head).not.toMatch(absent)
  })

  test('is complete for every poll', async () => {
    const sandbox = await openSandbox({ framing })
    const { pollingUrl } = sandbox.script(account, [
      processing(),
      trickle(completed(), { every: 0 }),
    ])
    for (const status of ['processing', 'completed']) {
      expect((await ask(sandbox, pollingUrl)).body).toMatchObject({ status })
    }
  })

  test('is complete for a client that still sends its body', async () => {
    const sandbox = await openSandbox({ framing })
    const { status, body } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { authorization: 'Bearer wrong' },
      body: new Uint8Array(10_000_000),
    })
    expect([status, body]).toEqual([401, { error: expect.any(String) }])
  })

  test('has no body for HEAD, nor with a 204', async () => {
    const sandbox = await openSandbox({ framing })
    expect((await ask(sandbox, '/nowhere', { method: 'HEAD' })).status).toBe(404)
    const { pollingUrl } = sandbox.script(account, [reply(204)])
    expect(await ask(sandbox, pollingUrl)).toMatchObject({ status: 204, body: '' })
  })

  test('has no valid end if its body is cut', async () => {
    const received = await listen([cut(completed(), { after: 0.5, by: 'end' })])
    expect(received).toContain('"status":"completed"')
    expect(received).not.toMatch(/\}(\r\n0\r\n\r\n)?$/)
  })

  test('keeps a framing that a scripted answer sets', async () => {
    const received = await listen([reply(200, { 'Content-Length': '2' }, '{}')])
    expect(received).toMatch(/^content-length: 2\r$/im)
    expect(received).not.toMatch(/^transfer-encoding/im)
  })
})

test('mixed framing draws from the seed, and includes every framing', async () => {
  const drawn = async (seed: number): Promise<readonly string[]> => {
    const sandbox = await openSandbox({ framing: 'mixed', seed })
    const { pollingUrl } = sandbox.script(account, [processing()])
    const heads: string[] = []
    while (heads.length < 20) {
      const { received } = await pollRaw(pollingUrl, sandbox.apiKey, 'close')
      const [head = ''] = received.split('\r\n\r\n')
      heads.push(
        head.startsWith('HTTP/1.0')
          ? 'http10'
          : /content-length/i.test(head)
            ? 'length'
            : /transfer-encoding/i.test(head)
              ? 'chunked'
              : 'close',
      )
    }
    return heads
  }
  const heads = await drawn(1)
  expect(new Set(heads)).toEqual(new Set(framings))
  expect(await drawn(1)).toEqual(heads)
  expect(await drawn(2)).not.toEqual(heads)
})

test('pipelined requests are answered until an answer closes the connection', async () => {
  const sandbox = await openSandbox({ framing: 'mixed' })
  const { pollingUrl } = sandbox.script(account, [processing()])
  const { received, ending } = await pollRaw(pollingUrl, sandbox.apiKey, 'pipeline')
  expect(ending).toBe('end')
  expect(received.match(/^HTTP\/1\.[01] 200/gm)?.length).toBeGreaterThanOrEqual(1)
  expect(received).toMatch(/"status":"processing"/)
})
