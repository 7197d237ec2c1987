import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { request as httpRequest } from 'node:http'
import {
  completed,
  html,
  pending,
  processing,
  sandboxApiKey,
  type Sandbox,
  type SandboxEvent,
} from '../../src/sandbox'
import { ask, handClock, openSandbox, post, postForm } from './openSandbox'

const exact = { pending: 500, processing: 2_000, spread: 0 }
const fileUrl = 'https://media.example/photo.jpg'
const id = /^ofapi_media_[0-9a-f]{32}$/

const startAsync = async (
  sandbox: Sandbox,
  endpoint = 'vault',
  file_url = fileUrl,
): Promise<{ readonly prefixed_id: string; readonly polling_url: string }> => {
  const { status, body } = await post(sandbox, endpoint, { file_url, async: true })
  expect(status).toBe(202)
  expect(body).toMatchObject({ prefixed_id: expect.any(String), polling_url: expect.any(String) })
  return body as { prefixed_id: string; polling_url: string }
}

describe('an upload', () => {
  test('is accepted with 202, its id and an absolute polling_url of the own origin', async () => {
    const sandbox = await openSandbox()
    const { status, body } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'evil.example' },
      body: JSON.stringify({ file_url: fileUrl, async: true }),
    })
    expect(status).toBe(202)
    const { prefixed_id } = body as { prefixed_id: string }
    expect(prefixed_id).toMatch(id)
    expect(body).toEqual({
      status: 'pending',
      prefixed_id,
      polling_url: `${sandbox.url}/api/acct_sandbox/media/uploads/${prefixed_id}/status`,
    })
  })

  test('is polled at publicUrl where there is one', async () => {
    const sandbox = await openSandbox({ publicUrl: 'http://sandbox.example:4010/' })
    expect(sandbox.url).toBe('http://sandbox.example:4010')
    expect(sandbox.script('acct_sandbox', [pending()]).pollingUrl).toMatch(
      /^http:\/\/sandbox\.example:4010\/api\/acct_sandbox\/media\/uploads\//,
    )
  })

  test('is pending, then processing, then completed, as the clock goes', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, durations: exact })
    const { prefixed_id, polling_url } = await startAsync(sandbox)
    const heard: unknown[] = []
    for (const wait of [0, 499, 1, 1_999]) {
      clock.forward(wait)
      heard.push((await ask(sandbox, polling_url)).body)
    }
    expect(heard).toEqual(
      ['pending', 'pending', 'processing', 'processing'].map(status => ({ status, prefixed_id })),
    )
    clock.forward(1)
    const end = await ask(sandbox, polling_url)
    expect(end.status).toBe(200)
    expect(end.body).toMatchObject({ status: 'completed', prefixed_id, credits_used: 3 })
    expect((await ask(sandbox, polling_url)).body).toEqual(end.body)
  })

  test('to the vault ends as a vault media object', async () => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 }, clock: () => 0 })
    const { prefixed_id, polling_url } = await startAsync(
      sandbox,
      'vault',
      'https://m.example/a.MP4',
    )
    expect((await ask(sandbox, polling_url)).body).toEqual({
      status: 'completed',
      prefixed_id,
      media: {
        id: expect.any(Number),
        type: 'video',
        convertedToVideo: false,
        canView: true,
        hasError: false,
        createdAt: '2026-04-03T16:18:05+00:00',
        isReady: false,
        files: {
          full: { url: null, width: 0, height: 0, size: 0, sources: [] },
          thumb: null,
          preview: null,
          squarePreview: null,
        },
        duration: 0,
        releaseForms: [],
        hasCustomPreview: false,
      },
      credits_used: 3,
    })
  })

  test('to the CDN ends as a CDN upload object with an id of its own', async () => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { prefixed_id, polling_url } = await startAsync(sandbox, 'upload')
    const { body } = await ask(sandbox, polling_url)
    expect(body).toEqual({
      status: 'completed',
      prefixed_id,
      media: {
        prefixed_id: expect.stringMatching(id),
        file_name: 'photo.jpg',
        processId: expect.stringMatching(/^[0-9a-f]{20}$/),
        host: expect.stringMatching(/\.example$/),
        sourceUrl: expect.stringMatching(/^https:\/\/[\w.]+\.example\/.*\/photo\.jpg$/),
        extra: expect.any(String),
        additional: { user: expect.any(String) },
        thumbs: [{ id: 1, url: expect.stringMatching(/^https:\/\/[\w.]+\.example\/.*\.jpg$/) }],
      },
      credits_used: 3,
    })
    expect(body).not.toMatchObject({ media: { prefixed_id } })
  })

  test.each([
    ['https://m.example/will-FAIL.mp4', 'Failed to download file from the provided URL.'],
  ])('of %s fails', async (url, error) => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { prefixed_id, polling_url } = await startAsync(sandbox, 'vault', url)
    expect((await ask(sandbox, polling_url)).body).toEqual({ status: 'failed', prefixed_id, error })
  })

  test('fails as often as failureRate says', async () => {
    const sandbox = await openSandbox({
      failureRate: 1,
      durations: { pending: 0, processing: 0 },
    })
    const { polling_url } = await startAsync(sandbox)
    expect((await ask(sandbox, polling_url)).body).toMatchObject({ status: 'failed' })
  })

  test('follows the script for its file name, whichever way it came', async () => {
    const sandbox = await openSandbox({
      scenarios: { 'trouble.mp4': [html(502), completed('upload')] },
    })
    const file = new File(['x'], 'trouble.mp4')
    const sent = await postForm(sandbox, 'vault', { file, async: 'true' })
    const linked = await startAsync(sandbox, 'vault', 'https://m.example/dir/trouble.mp4?x=1')
    for (const { polling_url } of [sent.body as { polling_url: string }, linked]) {
      const polls = [await ask(sandbox, polling_url), await ask(sandbox, polling_url)]
      expect(polls.map(poll => poll.status)).toEqual([502, 200])
      expect(polls[1]?.body).toMatchObject({ media: { file_name: 'trouble.mp4' } })
    }
  })

  test('has the same id and end in every run of a seed, and others under another seed', async () => {
    const run = async (seed: number): Promise<unknown> => {
      const options = { seed, clock: () => 0, durations: { pending: 0, processing: 0 } }
      const sandbox = await openSandbox({ ...options, failureRate: 0.5 })
      const bodies: unknown[] = []
      for (const endpoint of ['vault', 'upload', 'vault']) {
        const { polling_url } = await startAsync(sandbox, endpoint)
        bodies.push((await ask(sandbox, polling_url)).body)
      }
      return bodies
    }
    expect(await run(7)).toEqual(await run(7))
    expect(await run(7)).not.toEqual(await run(8))
  })

  test('makes room by forgetting the oldest settled one, else is answered 503', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ maxUploads: 2, clock: clock.now, durations: exact })
    const first = await startAsync(sandbox)
    clock.forward(1)
    const second = await startAsync(sandbox)
    const full = await post(sandbox, 'vault', { file_url: fileUrl, async: true })
    expect(full.status).toBe(503)
    expect(() => sandbox.script('acct_sandbox', [pending()])).toThrow('maxUploads')
    clock.forward(2_499)
    await startAsync(sandbox)
    expect((await ask(sandbox, first.polling_url)).status).toBe(404)
    expect((await ask(sandbox, second.polling_url)).status).toBe(200)
    expect(sandbox.counts().uploads).toBe(2)
  })
})

describe('a POST without async', () => {
  test('is answered with the finished media itself: in `data` by the vault, bare by the CDN', async () => {
    const sandbox = await openSandbox()
    const vault = await post(sandbox, 'vault', { file_url: fileUrl })
    expect(vault.status).toBe(200)
    expect(vault.body).toMatchObject({ data: { id: expect.any(Number), type: 'photo' } })
    const cdn = await post(sandbox, 'upload', { file_url: fileUrl, async: false })
    expect(cdn.status).toBe(200)
    expect(cdn.body).toMatchObject({ file_name: 'photo.jpg', thumbs: expect.any(Array) })
    expect(sandbox.counts().uploads).toBe(0)
  })

  test.each([
    ['https://m.example/dir/my%20cat.jpg?size=big', 'my cat.jpg'],
    ['https://m.example/100%.jpg', '100%.jpg'],
    ['https://m.example/', 'file'],
  ])('names the file of %s %s', async (file_url, file_name) => {
    const sandbox = await openSandbox()
    expect((await post(sandbox, 'upload', { file_url })).body).toMatchObject({ file_name })
  })

  test('is answered 422 where the upload would fail', async () => {
    const sandbox = await openSandbox()
    const { status, body } = await post(sandbox, 'vault', { file_url: 'https://m.example/fail' })
    expect(status).toBe(422)
    expect(body).toEqual({ error: 'Failed to download file from the provided URL.' })
  })
})

describe('the body of a POST', () => {
  const file = new File(['hello'], 'holiday.gif')

  test.each<[string, Readonly<Record<string, string | File>>, number]>([
    ['a file', { file }, 200],
    ['a file in the background', { file, async: 'true' }, 202],
    ['a file, async as 1', { file, async: '1' }, 202],
    ['a file, async as 0', { file, async: '0' }, 200],
    ['a URL', { file_url: fileUrl, async: 'true' }, 202],
    ['a file and an empty URL', { file, file_url: '' }, 200],
    ['a URL and an input nobody filled', { file_url: fileUrl, file: new File([], '') }, 200],
    ['neither', { async: 'true' }, 422],
    ['both', { file, file_url: fileUrl }, 422],
    ['a text in place of a file', { file: 'hello' }, 422],
    ['a bad async', { file, async: 'yes' }, 422],
    ['an http URL', { file_url: 'http://m.example/a.jpg' }, 422],
    ['no URL at all', { file_url: 'a.jpg' }, 422],
  ])('may be a form with %s', async (_, fields, expected) => {
    const sandbox = await openSandbox()
    const { status, body } = await postForm(sandbox, 'vault', fields)
    expect(status).toBe(expected)
    if (expected === 422) expect(body).toEqual({ error: expect.stringMatching(/\.$/) })
  })

  test.each<[string, unknown, number]>([
    ['a URL', { file_url: fileUrl }, 200],
    ['a URL in the background', { file_url: fileUrl, async: true }, 202],
    ['nulls beside it', { file_url: fileUrl, async: null, file: null }, 200],
    ['neither', { async: true }, 422],
    ['a file', { file: 'x' }, 422],
    ['both', { file: 'x', file_url: fileUrl }, 422],
    ['a URL that is no text', { file_url: 5 }, 422],
    ['a bad async', { file_url: fileUrl, async: 'maybe' }, 422],
    ['async as a list', { file_url: fileUrl, async: [] }, 422],
    ['a list', [], 422],
    ['null', null, 422],
    ['more than 64 KiB', { file_url: fileUrl, x: 'x'.repeat(65_536) }, 422],
  ])('may be JSON with %s', async (_, json, expected) => {
    const sandbox = await openSandbox()
    expect((await post(sandbox, 'upload', json)).status).toBe(expected)
  })

  test.each([
    ['application/json', '{'],
    ['text/plain', 'hello'],
    ['multipart/form-data', 'hello'],
    ['multipart/form-data; boundary=b', 'hello'],
    ['', ''],
  ])('of type %j that cannot be read is a 422', async (type, body) => {
    const sandbox = await openSandbox()
    const { status } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(status).toBe(422)
  })

  test('may hold a file of maxFileBytes, and one byte more is a 422', async () => {
    const sandbox = await openSandbox({ maxFileBytes: 1_000 })
    const statusFor = async (bytes: number): Promise<number> =>
      (await postForm(sandbox, 'vault', { file: new File([new Uint8Array(bytes)], 'a.jpg') }))
        .status
    expect(await statusFor(1_000)).toBe(200)
    expect(await statusFor(1_001)).toBe(422)
  })

  test('is counted and dropped: 101 MB do not stay in memory', async () => {
    const sandbox = await openSandbox()
    const block = Buffer.alloc(1024 * 1024, 'x')
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    let highest = 0
    const body = function* (): Generator<Buffer> {
      yield Buffer.from(head)
      for (let sent = 0; sent < 101; sent += 1) {
        highest = Math.max(highest, process.memoryUsage().arrayBuffers)
        yield block
      }
      yield Buffer.from('\r\n--b--\r\n')
    }
    const before = process.memoryUsage().arrayBuffers
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        new URL('/api/acct_sandbox/media/vault', sandbox.url),
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${sandbox.apiKey}`,
            'content-type': 'multipart/form-data; boundary=b',
          },
        },
        response => {
          response.resume().once('end', () => {
            resolve(response.statusCode)
          })
        },
      )
      request.once('error', reject)
      Readable.from(body()).pipe(request)
    })
    expect(status).toBe(422)
    expect(highest - before).toBeLessThan(90 * 1024 * 1024)
  })

  test('that breaks off is a request without an answer, and no upload', async () => {
    let heard: (event: SandboxEvent) => void = () => undefined
    const told = new Promise<SandboxEvent>(resolve => {
      heard = resolve
    })
    const sandbox = await openSandbox({
      on: event => {
        heard(event)
      },
    })
    const request = httpRequest(new URL('/api/acct_sandbox/media/vault', sandbox.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-length': 1_000 },
    })
    request.once('error', () => undefined)
    request.write('half', () => {
      request.destroy()
    })
    expect(await told).toMatchObject({ method: 'POST', status: null, upload: null })
    expect(sandbox.counts().uploads).toBe(0)
  })
})

describe('a request', () => {
  test.each([
    ['no key', ''],
    ['another key', 'Bearer wrong'],
    ['the key without a scheme', sandboxApiKey],
    ['another scheme', `Basic ${sandboxApiKey}`],
  ])('with %s is a 401', async (_, authorization) => {
    const sandbox = await openSandbox()
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const { status, headers, body } = await ask(sandbox, pollingUrl, { headers: { authorization } })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(body).toEqual({ error: 'Missing or invalid API key.' })
  })

  test('that is refused hears so even while it is sending', async () => {
    const sandbox = await openSandbox()
    const { status } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { authorization: 'Bearer wrong' },
      body: new Uint8Array(10_000_000),
    })
    expect(status).toBe(401)
  })

  test('names the scheme of its key in any case', async () => {
    const sandbox = await openSandbox({ apiKey: 'k' })
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    const polled = await ask(sandbox, pollingUrl, { headers: { authorization: 'bearer k' } })
    expect(polled.status).toBe(200)
  })

  test('for an unknown account is a 404 with a code; for an unknown upload one without', async () => {
    const sandbox = await openSandbox({ accounts: ['acct_1', 'acct_2'] })
    const { upload } = sandbox.script('acct_1', [pending()])
    const lost = await ask(sandbox, `/api/acct_3/media/uploads/${upload}/status`)
    expect(lost.status).toBe(404)
    expect(lost.body).toEqual({ error: 'Account not found.', code: 'account_not_found' })
    for (const path of [
      `/api/acct_2/media/uploads/${upload}/status`,
      '/api/acct_1/media/uploads/ofapi_media_0/status',
    ]) {
      const { status, body } = await ask(sandbox, path)
      expect(status).toBe(404)
      expect(body).toEqual({ error: 'Upload not found.' })
    }
  })

  test('for an unknown path is a 404 in JSON, with the wrong method a 405 that names the right one', async () => {
    const sandbox = await openSandbox()
    const lost = await ask(sandbox, '/nowhere')
    expect([lost.status, lost.body]).toEqual([404, { error: 'Not found.' }])
    const wrong = await ask(sandbox, '/api/acct_sandbox/media/vault', { method: 'PUT' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    const head = await ask(sandbox, '/nowhere', { method: 'HEAD' })
    expect(head.status).toBe(404)
  })
})

describe('the rate limit', () => {
  test('shows in every body, refuses beyond it, and turns with the window', async () => {
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
    const lost = await ask(sandbox, '/api/acct_0/media/uploads/u/status')
    expect(lost.body).toMatchObject({ code: 'account_not_found', _meta: limits(0) })
    clock.forward(1)
    const refused = await ask(sandbox, polling_url)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '59'])
    expect(refused.body).toEqual({ error: 'Too many requests.', _meta: limits(0) })
    clock.forward(59_000)
    expect((await ask(sandbox, polling_url)).status).toBe(200)
    expect(sandbox.counts()).toMatchObject({ requests: 5, rateLimited: 1 })
  })

  test('is not spent by strangers, and takes no answer from a script', async () => {
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

describe('what was asked', () => {
  test('is told and remembered in order: method, path, upload, status, time, and nothing else', async () => {
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

  test('is remembered for 1,000 requests and counted for all', async () => {
    const sandbox = await openSandbox()
    for (let at = 0; at < 1_010; at += 10) {
      await Promise.all(Array.from({ length: 10 }, () => ask(sandbox, '/')))
    }
    expect(sandbox.requests()).toHaveLength(1_000)
    expect(sandbox.counts().requests).toBe(1_010)
  })

  test('is answered even where the observer throws', async () => {
    const sandbox = await openSandbox({
      on: () => {
        throw new Error('mine')
      },
    })
    expect((await ask(sandbox, '/')).status).toBe(404)
  })

  test('is a 500 and a warning where the sandbox itself breaks', async () => {
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
