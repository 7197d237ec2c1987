import { describe, expect, test } from '@jest/globals'
import {
  apiError,
  completed,
  pending,
  processing,
  sandboxApiKey,
  type SandboxEvent,
} from '../../src/sandbox'
import { ask, fileUrl, handClock, openSandbox, post, startAsync, type Answer } from './openSandbox'

describe('a request', () => {
  test.each([
    ['no key', ''],
    ['another key', 'Bearer wrong'],
    ['the key without a scheme', sandboxApiKey],
    ['another scheme', `Basic ${sandboxApiKey}`],
  ])('gets a 401 with %s', async (_, authorization) => {
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const { status, headers, body } = await ask(sandbox, pollingUrl, { headers: { authorization } })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(body).toEqual({ error: 'Missing or invalid API key.' })
  })

  test('gets its refusal even while it still sends its body', async () => {
    const sandbox = await openSandbox()
    const { status } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { authorization: 'Bearer wrong' },
      body: new Uint8Array(10_000_000),
    })
    expect(status).toBe(401)
  })

  test('may spell the scheme of its key in any case', async () => {
    const sandbox = await openSandbox({ apiKey: 'k' })
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const polled = await ask(sandbox, pollingUrl, { headers: { authorization: 'bearer k' } })
    expect(polled.status).toBe(200)
  })

  test('gets a 404 with a code for an unknown account, and without one for an unknown upload', async () => {
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

  test('gets a 404 for an unknown path, and a 405 for a wrong method', async () => {
    const sandbox = await openSandbox()
    const unknown = await ask(sandbox, '/nowhere')
    expect([unknown.status, unknown.body]).toEqual([404, { error: 'Not found.' }])
    const wrong = await ask(sandbox, '/api/acct_sandbox/media/vault', { method: 'PUT' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    const head = await ask(sandbox, '/nowhere', { method: 'HEAD' })
    expect(head.status).toBe(404)
  })
})

const limitOf = ({ headers }: Answer): readonly (string | null)[] => [
  headers.get('x-rate-limit-limit-minute'),
  headers.get('x-rate-limit-remaining-minute'),
]

describe('the rate limit', () => {
  test('is stated in every answer, refuses requests above it, and resets with the window', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, rateLimit: 3 })
    const started = await post(sandbox, 'vault', { file_url: fileUrl, async: true })
    expect(limitOf(started)).toEqual(['3', '2'])
    const { polling_url } = started.body as { polling_url: string }
    clock.forward(1_500)
    const polled = await ask(sandbox, polling_url)
    expect(limitOf(polled)).toEqual(['3', '1'])
    expect(polled.body).not.toHaveProperty('_meta')
    const unknown = await ask(sandbox, '/api/acct_0/media/uploads/u/status')
    expect(unknown.body).toMatchObject({ code: 'account_not_found' })
    expect(limitOf(unknown)).toEqual(['3', '0'])
    clock.forward(1)
    const refused = await ask(sandbox, polling_url)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '59'])
    expect(refused.body).toEqual({ error: 'Too many requests.' })
    expect(limitOf(refused)).toEqual(['3', '0'])
    clock.forward(59_000)
    expect(limitOf(await ask(sandbox, polling_url))).toEqual(['3', '2'])
    expect(sandbox.counts()).toMatchObject({ requests: 5, rateLimited: 1 })
  })

  test('is not stated without a limit, nor to a request without the key', async () => {
    const unlimited = await openSandbox()
    const { pollingUrl } = unlimited.script('acct_1', [pending()])
    expect(limitOf(await ask(unlimited, pollingUrl))).toEqual([null, null])
    const limited = await openSandbox({ rateLimit: 5 })
    const stranger = await ask(limited, '/api/acct_1/media/uploads/u/status', {
      headers: { authorization: 'Bearer wrong' },
    })
    expect([stranger.status, ...limitOf(stranger)]).toEqual([401, null, null])
  })

  test.each([
    ['fixed', [200, 200, 200, 200]],
    ['sliding', [200, 200, 200, 429]],
  ] as const)('counts requests in a %s window', async (window, expected) => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, rateLimit: { perMinute: 2, window } })
    const { pollingUrl } = sandbox.script('acct_1', [pending()])
    const statuses: number[] = []
    for (const wait of [0, 59_999, 1, 1]) {
      clock.forward(wait)
      statuses.push((await ask(sandbox, pollingUrl)).status)
    }
    expect(statuses).toEqual(expected)
  })

  test('locks out a client that does not wait, with a page of error 1015, until the lockout ends', async () => {
    const clock = handClock()
    const rateLimit = { perMinute: 1, lockout: 120_000 }
    const sandbox = await openSandbox({ clock: clock.now, rateLimit })
    const { pollingUrl } = sandbox.script('acct_1', [pending()])
    const bodies: unknown[] = []
    for (let sent = 0; sent < 6; sent += 1) bodies.push((await ask(sandbox, pollingUrl)).body)
    const page: unknown = expect.stringContaining('1015')
    const error = { error: 'Too many requests.' }
    expect(bodies).toEqual([expect.anything(), error, error, error, page, page])
    const locked = await ask(sandbox, '/nowhere')
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '120'])
    expect(locked.headers.get('content-type')).toMatch(/^text\/html/)
    expect(limitOf(locked)).toEqual([null, null])
    clock.forward(120_000)
    expect((await ask(sandbox, pollingUrl)).status).toBe(200)
  })

  test('counts no request without the key, and a refused request consumes no scripted answer', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, rateLimit: 1 })
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

  test('is shared by all accounts and both platforms', async () => {
    const sandbox = await openSandbox({ accounts: ['a', 'fansly_b'], rateLimit: 1 })
    const [one, two] = [sandbox.script('a', [pending()]), sandbox.script('fansly_b', [pending()])]
    expect((await ask(sandbox, one.pollingUrl)).status).toBe(200)
    expect((await ask(sandbox, two.pollingUrl)).status).toBe(429)
  })
})

describe('an error', () => {
  test("has its text in `message` with errorMember: 'message', for every kind of refusal", async () => {
    const sandbox = await openSandbox({ errorMember: 'message', rateLimit: 4, credits: 0 })
    const { pollingUrl } = sandbox.script('acct_1', [apiError(500, 'Broken.', { code: 'bug' })])
    const answers = [
      await ask(sandbox, '/nowhere'),
      await ask(sandbox, pollingUrl),
      await ask(sandbox, '/api/acct_1/media/uploads/ofapi_media_0/status'),
      await post(sandbox, 'vault', { file_url: fileUrl }),
      await post(sandbox, 'vault', {}),
      await ask(sandbox, pollingUrl),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 500, 404, 402, 422, 429])
    for (const { body } of answers) {
      expect(body).toMatchObject({ message: expect.stringMatching(/\.$/) })
      expect(body).not.toHaveProperty('error')
    }
    expect(answers[1]?.body).toEqual({ message: 'Broken.', code: 'bug' })
  })

  test('has a request id, like every answer', async () => {
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script('acct_1', [pending()])
    const ids = [await ask(sandbox, '/nowhere'), await ask(sandbox, pollingUrl)].map(answer =>
      answer.headers.get('cf-ray'),
    )
    expect(ids).toEqual([expect.any(String), expect.any(String)])
    expect(new Set(ids).size).toBe(2)
  })
})

describe('the journal and its observer', () => {
  test('record only method, path, upload, status and time of each request, in order', async () => {
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

  test('do not prevent an answer if `on` throws', async () => {
    const sandbox = await openSandbox({
      on: () => {
        throw new Error('mine')
      },
    })
    expect((await ask(sandbox, '/')).status).toBe(404)
  })

  test('receive a warning on a bug in the sandbox, and the request gets a 500', async () => {
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
