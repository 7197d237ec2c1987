import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { completed, processing, type SandboxEvent } from '../../../src/sandbox'
import { until } from '../../until'
import { ask, handClock, openSandbox, post } from '../openSandbox'
import { attempts, change, delivering, firstOf, receiver, secret, startUploads } from './receiver'

describe('the event of an upload', () => {
  test('is signed and has the headers of the vendor', async () => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url })
    const [upload] = await startUploads(sandbox, 'a.mp4')
    await attempts(sandbox, 1)
    const { headers, text, body } = firstOf(received)
    expect(body).toMatchObject({
      event: 'media_uploads.completed',
      account_id: 'acct_sandbox',
      payload: { status: 'completed', prefixed_id: upload, media: { type: 'video' } },
    })
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'OnlyFansAPI.com/Webhook-Client',
      signature: createHmac('sha256', secret).update(text).digest('hex'),
      'x-ofapi-idempotency-key': expect.stringMatching(/^evt_[0-9a-f]{40}$/),
    })
    expect(headers['x-ofapi-redelivery-of']).toBeUndefined()
  })

  test('reports a failed upload, unsigned without a secret', async () => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url, secret: null })
    const [upload] = await startUploads(sandbox, 'fail.mp4')
    const [delivery] = await attempts(sandbox, 1)
    expect(received[0]?.body).toMatchObject({
      event: 'media_uploads.failed',
      payload: { status: 'failed', prefixed_id: upload, error: expect.any(String) },
    })
    expect(received[0]?.headers['signature']).toBeUndefined()
    expect(delivery).toMatchObject({
      kind: 'delivery',
      event: 'media_uploads.failed',
      account: 'acct_sandbox',
      upload,
      sender: 'vendor',
      attempt: 1,
      status: 204,
    })
  })

  test('escapes each slash, as PHP does', async () => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url })
    await post(sandbox, 'upload', { file_url: 'https://media.example/a.jpg', async: true })
    await attempts(sandbox, 1)
    expect(received[0]?.text).toContain('https:\\/\\/')
    expect(received[0]?.text).not.toMatch(/[^\\]\//)
  })

  test('is sent once for a scripted upload, at the poll that returns its end', async () => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url })
    const { pollingUrl } = sandbox.script('acct_1', [processing(), completed()])
    const poll = () => ask(sandbox, new URL(pollingUrl).pathname)
    await poll()
    await startUploads(sandbox, 'a.mp4')
    await attempts(sandbox, 1)
    await poll()
    await poll()
    expect(await attempts(sandbox, 2)).toHaveLength(2)
    expect(received.map(({ body }) => body.account_id)).toEqual(['acct_sandbox', 'acct_1'])
  })

  test.each([
    [
      'that was posted without `async`',
      { file_url: 'https://media.example/a.jpg' },
      'acct_sandbox',
    ],
    ['to Fansly', { file_url: 'https://media.example/a.jpg', async: true }, 'fansly_acct_1'],
  ])('is not sent for an upload %s', async (_, body, account) => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url })
    expect((await post(sandbox, 'upload', body, account)).status).toBeLessThan(300)
    await startUploads(sandbox, 'a.mp4')
    await attempts(sandbox, 1)
    expect(received.map(one => one.body.account_id)).toEqual(['acct_sandbox'])
  })

  test('is sent when the clock reaches the end of the upload', async () => {
    const { url } = await receiver()
    const { now, forward } = handClock()
    const sandbox = await delivering(
      { url },
      { clock: now, durations: { pending: 3_600_000, processing: 0, spread: 0 } },
    )
    await startUploads(sandbox, 'a.mp4')
    forward(3_599_999)
    await ask(sandbox, '/')
    expect(sandbox.deliveries()).toEqual([])
    forward(1)
    await ask(sandbox, '/')
    expect(await attempts(sandbox, 1)).toMatchObject([{ at: 3_600_000 }])
  })
})

describe('an attempt to deliver an event', () => {
  const outcomes = async (answer: (nth: number) => number | null, count: number) => {
    const { url } = await receiver((_, nth) => answer(nth))
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a.mp4')
    const made = await attempts(sandbox, count)
    return { sandbox, made: made.map(({ attempt, status }) => [attempt, status]) }
  }

  test.each([500, 503, 401, 429, 302])('is repeated twice after a %d', async status => {
    const { made } = await outcomes(() => status, 3)
    expect(made).toEqual([
      [1, status],
      [2, status],
      [3, status],
    ])
  })

  test('is not repeated after a 2xx', async () => {
    const { made } = await outcomes(nth => (nth === 2 ? 200 : 503), 2)
    expect(made).toEqual([
      [1, 503],
      [2, 200],
    ])
  })

  test.each([404, 410])('is not repeated after a %d', async status => {
    const { sandbox } = await outcomes(() => status, 1)
    await startUploads(sandbox, 'b.mp4')
    expect((await attempts(sandbox, 2)).map(({ attempt }) => attempt)).toEqual([1, 1])
  })

  test('is repeated after 10 s, and then after 100 s', async () => {
    const { url } = await receiver(() => 503)
    const { now, forward } = handClock()
    const sandbox = await delivering({ url, timeScale: 1 }, { clock: now })
    await startUploads(sandbox, 'a.mp4')
    await ask(sandbox, '/')
    for (const [count, wait] of [
      [1, 10_000],
      [2, 100_000],
    ] as const) {
      await attempts(sandbox, count)
      forward(wait - 1)
      await ask(sandbox, '/')
      expect(sandbox.deliveries()).toHaveLength(count)
      forward(1)
      await ask(sandbox, '/')
    }
    expect((await attempts(sandbox, 3)).map(({ at }) => at)).toEqual([0, 10_000, 110_000])
  })

  test('fails without an answer, and is repeated', async () => {
    const sandbox = await delivering({ url: 'http://127.0.0.1:9/hook' })
    await startUploads(sandbox, 'a.mp4')
    const made = await attempts(sandbox, 3)
    expect(made.map(({ status }) => status)).toEqual([null, null, null])
  })

  test('has the same event id and bytes as the first', async () => {
    const { url, received } = await receiver(() => 503)
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a.mp4')
    await attempts(sandbox, 3)
    expect(new Set(received.map(({ text }) => text)).size).toBe(1)
    expect(new Set(received.map(({ headers }) => headers['x-ofapi-idempotency-key'])).size).toBe(1)
  })
})

describe('a webhook', () => {
  test('is paused after 20 failures in a row, with a warning, until it is resumed', async () => {
    const { url, received } = await receiver(({ text }) => (text.includes('failed') ? 204 : 410))
    const events: SandboxEvent[] = []
    const sandbox = await delivering({ url }, { on: event => events.push(event) })
    for (let nth = 1; nth <= 20; nth += 1) {
      await startUploads(sandbox, 'a.mp4')
      await attempts(sandbox, nth)
    }
    const id = sandbox.deliveries()[0]?.webhook ?? ''
    expect(events).toContainEqual({
      kind: 'warning',
      message: `${id} is paused after 20 failures in a row`,
    })
    const shown = async () => (await ask(sandbox, '/api/webhooks')).body
    expect(await shown()).toMatchObject({ data: [{ id, enabled: false }] })
    await startUploads(sandbox, 'b.mp4')
    await change(sandbox, 'PUT', id, { enabled: true })
    expect(await shown()).toMatchObject({ data: [{ enabled: true, consecutive_failures: 0 }] })
    await startUploads(sandbox, 'fail.mp4')
    expect(await attempts(sandbox, 21)).toMatchObject(
      Array.from({ length: 21 }, (_, nth) => ({ status: nth < 20 ? 410 : 204 })),
    )
    expect(received).toHaveLength(21)
  })

  test('is not paused if one attempt of twenty succeeds', async () => {
    const { url } = await receiver((_, nth) => (nth === 19 ? 204 : 500))
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
    expect((await attempts(sandbox, 21)).length).toBeGreaterThan(20)
  })

  test('gets no more attempts after the sandbox is closed', async () => {
    const { url, received } = await receiver(() => null)
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a.mp4')
    await until(() => received.length === 1)
    await sandbox.close()
    expect(sandbox.deliveries()).toEqual([])
  })

  test('does not exist by default', async () => {
    const sandbox = await openSandbox()
    expect((await ask(sandbox, '/api/webhooks')).body).toEqual({ data: [] })
  })
})
