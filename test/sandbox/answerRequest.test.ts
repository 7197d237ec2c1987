import { describe, expect, test } from '@jest/globals'
import { completed, pending, processing, sandboxApiKey, type SandboxEvent } from '../../src/sandbox'
import { ask, fileUrl, handClock, openSandbox, post, startAsync } from './openSandbox'

describe('a request', () => {
  test.each([
    ['no key', ''],
    ['another key', 'Bearer wrong'],
    ['the key without a scheme', sandboxApiKey],
    ['another scheme', `Basic ${sandboxApiKey}`],
  ])('with %s gets a 401', async (_, authorization) => {
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const { status, headers, body } = await ask(sandbox, pollingUrl, { headers: { authorization } })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(body).toEqual({ error: 'Missing or invalid API key.' })
  })

  test('that is refused gets its answer even while it sends its body', async () => {
    const sandbox = await openSandbox()
    const { status } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { authorization: 'Bearer wrong' },
      body: new Uint8Array(10_000_000),
    })
    expect(status).toBe(401)
  })

  test('may write the scheme of its key in any case', async () => {
    const sandbox = await openSandbox({ apiKey: 'k' })
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const polled = await ask(sandbox, pollingUrl, { headers: { authorization: 'bearer k' } })
    expect(polled.status).toBe(200)
  })

  test('for an unknown account gets a 404 with a code, for an unknown upload a 404 without', async () => {
    const sandbox = await openSandbox({ accounts: ['acct_1', 'acct_2'] })
    const { upload } = sandbox.script('acct_1', [pending()])
    const unknown = await ask(sandbox, `/api/acct_3/media/uploads/${upload}/status`)
    expect(unknown.status).toBe(404)
    expect(unknown.body).toEqual({ error: 'Account not found.', code: 'account_not_found' })
    for (const path of [
      `/api/acct_2/media/uploads/${upload}/status`,
      '/api/acct_1/media/uploads/ofapi_media_0/status',
    ]) {
      const { status, body } = await ask(sandbox, path)
      expect(status).toBe(404)
      expect(body).toEqual({ error: 'Upload not found.' })
    }
  })

  test('for an unknown path gets a 404 in JSON, with a wrong method a 405 that names the right one', async () => {
    const sandbox = await openSandbox()
    const unknown = await ask(sandbox, '/nowhere')
    expect([unknown.status, unknown.body]).toEqual([404, { error: 'Not found.' }])
    const wrong = await ask(sandbox, '/api/acct_sandbox/media/vault', { method: 'PUT' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    const head = await ask(sandbox, '/nowhere', { method: 'HEAD' })
    expect(head.status).toBe(404)
  })
})

describe('the rate limit', () => {
  test('is in every body, refuses requests above it, and resets with the window', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, rateLimit: { perMinute: 3 } })
    const limits = (remaining_minute: number): unknown => ({
      _rate_limits: { limit_minute: 3, remaining_minute, limit_day: null, remaining_day: null },
    })
    const started = await post(sandbox, 'vault', { file_url: fileUrl, async: true })
    expect(started.body).toMatchObject({ _meta: limits(2) })
    const { polling_url } = started.body as { polling_url: string }
    clock.forward(1_500)
    expect((await ask(sandbox, polling_url)).body).toMatchObject({ _meta: limits(1) })
    const unknown = await ask(sandbox, '/api/acct_0/media/uploads/u/status')
    expect(unknown.body).toMatchObject({ code: 'account_not_found', _meta: limits(0) })
    clock.forward(1)
    const refused = await ask(sandbox, polling_url)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '59'])
    expect(refused.body).toEqual({ error: 'Too many requests.', _meta: limits(0) })
    clock.forward(59_000)
    expect((await ask(sandbox, polling_url)).status).toBe(200)
    expect(sandbox.counts()).toMatchObject({ requests: 5, rateLimited: 1 })
  })

  test('does not count requests without the key, and uses up no scripted answer', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, rateLimit: { perMinute: 1 } })
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending(), processing(), completed()])
    await ask(sandbox, pollingUrl, { headers: { authorization: 'Bearer wrong' } })
    const statuses: unknown[] = []
    for (const wait of [0, 1, 60_000]) {
      clock.forward(wait)
      statuses.push((await ask(sandbox, pollingUrl)).body)
    }
    expect(statuses).toMatchObject([
      { status: 'pending' },
      { error: 'Too many requests.' },
      { status: 'processing' },
    ])
  })

  test('is shared by all accounts', async () => {
    const sandbox = await openSandbox({ accounts: ['a', 'b'], rateLimit: { perMinute: 1 } })
    const [one, two] = [sandbox.script('a', [pending()]), sandbox.script('b', [pending()])]
    expect((await ask(sandbox, one.pollingUrl)).status).toBe(200)
    expect((await ask(sandbox, two.pollingUrl)).status).toBe(429)
  })
})

describe('the journal', () => {
  test('has method, path, upload, status and time of each request in order, and nothing else', async () => {
    const clock = handClock()
    const events: SandboxEvent[] = []
    const sandbox = await openSandbox({
      clock: clock.now,
      apiKey: 'very-secret',
      on: event => {
        events.push(event)
      },
    })
    const { prefixed_id, polling_url } = await startAsync(sandbox)
    clock.forward(5)
    await ask(sandbox, polling_url)
    await ask(sandbox, '/very-secret')
    const path = '/api/{account}/media/uploads/{upload}/status'
    expect(events).toEqual([
      {
        kind: 'request',
        method: 'POST',
        path: '/api/{account}/media/vault',
        upload: prefixed_id,
        status: 202,
        at: 0,
      },
      { kind: 'request', method: 'GET', path, upload: prefixed_id, status: 200, at: 5 },
      { kind: 'request', method: 'GET', path: null, upload: null, status: 404, at: 5 },
    ])
    expect(sandbox.requests()).toEqual(events)
    expect(JSON.stringify(events)).not.toContain('very-secret')
  })

  test('does not depend on the observer: an answer is sent even if `on` throws', async () => {
    const sandbox = await openSandbox({
      on: () => {
        throw new Error('mine')
      },
    })
    expect((await ask(sandbox, '/')).status).toBe(404)
  })

  test('has a 500 and a warning for a bug in the sandbox', async () => {
    let broken = false
    const messages: string[] = []
    const sandbox = await openSandbox({
      clock: () => (broken ? Number.NaN : 0),
      on: event => {
        if (event.kind === 'warning') messages.push(event.message)
      },
    })
    broken = true
    expect((await post(sandbox, 'vault', { file_url: fileUrl })).status).toBe(500)
    expect(messages).toEqual([expect.stringContaining('defect')])
  })
})
