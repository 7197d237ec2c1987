import { describe, expect, test } from '@jest/globals'
import { completed, html, pending } from '../../src/sandbox'
import {
  ask,
  exact,
  fileUrl,
  handClock,
  openSandbox,
  post,
  postForm,
  startAsync,
  uploadId,
} from './openSandbox'

describe('an upload', () => {
  test('is accepted with 202, an id and an absolute polling_url of its own origin', async () => {
    const sandbox = await openSandbox()
    const { status, body } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'evil.example' },
      body: JSON.stringify({ file_url: fileUrl, async: true }),
    })
    expect(status).toBe(202)
    const { prefixed_id } = body as { prefixed_id: string }
    expect(prefixed_id).toMatch(uploadId)
    expect(body).toEqual({
      status: 'pending',
      prefixed_id,
      polling_url: `${sandbox.url}/api/acct_sandbox/media/uploads/${prefixed_id}/status`,
    })
  })

  test('has a polling_url at publicUrl if that is set', async () => {
    const sandbox = await openSandbox({ publicUrl: 'http://sandbox.example:4010/' })
    expect(sandbox.url).toBe('http://sandbox.example:4010')
    expect(sandbox.script('acct_sandbox', [pending()]).pollingUrl).toMatch(
      /^http:\/\/sandbox\.example:4010\/api\/acct_sandbox\/media\/uploads\//,
    )
  })

  test('is pending, then processing, then completed, as the clock advances', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({ clock: clock.now, durations: exact })
    const { prefixed_id, polling_url } = await startAsync(sandbox)
    const bodies: unknown[] = []
    for (const wait of [0, 499, 1, 1_999]) {
      clock.forward(wait)
      bodies.push((await ask(sandbox, polling_url)).body)
    }
    expect(bodies).toEqual(
      ['pending', 'pending', 'processing', 'processing'].map(status => ({ status, prefixed_id })),
    )
    clock.forward(1)
    const end = await ask(sandbox, polling_url)
    expect(end.status).toBe(200)
    expect(end.body).toMatchObject({ status: 'completed', prefixed_id, credits_used: 3 })
    expect((await ask(sandbox, polling_url)).body).toEqual(end.body)
  })

  test('completes as a vault media object in the vault', async () => {
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

  test('completes as a CDN upload object with its own id on the CDN', async () => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { prefixed_id, polling_url } = await startAsync(sandbox, 'upload')
    const { body } = await ask(sandbox, polling_url)
    expect(body).toEqual({
      status: 'completed',
      prefixed_id,
      media: {
        prefixed_id: expect.stringMatching(uploadId),
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
  ])('fails for %s', async (url, error) => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { prefixed_id, polling_url } = await startAsync(sandbox, 'vault', url)
    expect((await ask(sandbox, polling_url)).body).toEqual({ status: 'failed', prefixed_id, error })
  })

  test('always fails with failureRate 1', async () => {
    const sandbox = await openSandbox({
      failureRate: 1,
      durations: { pending: 0, processing: 0 },
    })
    const { polling_url } = await startAsync(sandbox)
    expect((await ask(sandbox, polling_url)).body).toMatchObject({ status: 'failed' })
  })

  test('follows the scenario for its file name, whether sent as a file or a URL', async () => {
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

  test('has the same id and result for the same seed, and others for another seed', async () => {
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

  test('replaces the oldest finished upload in a full sandbox, or gets a 503', async () => {
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
  test('is answered with the media: in `data` by the vault, at the top level by the CDN', async () => {
    const sandbox = await openSandbox()
    const vault = await post(sandbox, 'vault', { file_url: fileUrl })
    expect(vault.status).toBe(200)
    expect(vault.body).toEqual({
      data: expect.objectContaining({ id: expect.any(Number), type: 'photo' }),
      _meta: { _credits: { used: 3, balance: 999_999_997 } },
    })
    const cdn = await post(sandbox, 'upload', { file_url: fileUrl, async: false })
    expect(cdn.status).toBe(200)
    expect(cdn.body).toMatchObject({ file_name: 'photo.jpg', thumbs: expect.any(Array) })
    expect(cdn.body).toHaveProperty('note', expect.stringContaining('once'))
    expect(cdn.body).not.toHaveProperty('_meta')
    expect(sandbox.counts().uploads).toBe(0)
  })

  test('has the rate limit in `_meta`, beside the media of the vault', async () => {
    const sandbox = await openSandbox({ rateLimit: 5 })
    const { body } = await post(sandbox, 'vault', { file_url: fileUrl })
    expect(body).toHaveProperty('_meta._rate_limits', {
      limit_minute: 5,
      remaining_minute: 4,
      limit_day: null,
      remaining_day: null,
    })
  })

  test.each([
    ['https://m.example/dir/my%20cat.jpg?size=big', 'my cat.jpg'],
    ['https://m.example/100%.jpg', '100%.jpg'],
    ['https://m.example/', 'file'],
  ])('uses the file name in %s: %s', async (file_url, file_name) => {
    const sandbox = await openSandbox()
    expect((await post(sandbox, 'upload', { file_url })).body).toMatchObject({ file_name })
  })

  test('gets a 422 if the upload would fail', async () => {
    const sandbox = await openSandbox()
    const { status, body } = await post(sandbox, 'vault', { file_url: 'https://m.example/fail' })
    expect(status).toBe(422)
    expect(body).toEqual({ error: 'Failed to download file from the provided URL.' })
  })
})
