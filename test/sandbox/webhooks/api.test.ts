import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { startSandbox } from '../../../src/sandbox'
import { parseWebhookRoute } from '../../../src/sandbox/webhooks/webhookRoute'
import { ask, exact, handClock, openSandbox } from '../openSandbox'
import { attempts, change, delivering, firstOf, receiver, startUploads } from './receiver'

const idOf = (body: unknown): string => (body as { data: { id: string } }).data.id

describe('/api/webhooks', () => {
  test('creates a webhook, lists it without its secret, and removes it', async () => {
    const { url } = await receiver()
    const sandbox = await openSandbox()
    const { status, body } = await change(sandbox, 'POST', '', {
      endpoint_url: url,
      signing_secret: 'whsec_own',
    })
    expect([status, body]).toEqual([
      201,
      {
        data: {
          id: expect.stringMatching(/^webhook_[0-9a-f]{16}$/),
          endpoint_url: url,
          events: ['media_uploads.completed', 'media_uploads.failed'],
          has_signing_secret: true,
          enabled: true,
          consecutive_failures: 0,
        },
      },
    ])
    expect((await ask(sandbox, '/api/webhooks')).body).toMatchObject({ data: [{}] })
    const path = `/api/webhooks/${idOf(body)}`
    expect((await ask(sandbox, path, { method: 'DELETE' })).status).toBe(204)
    expect((await ask(sandbox, '/api/webhooks')).body).toEqual({ data: [] })
    expect((await ask(sandbox, path, { method: 'DELETE' })).status).toBe(404)
  })

  test('sends each webhook only the events that it subscribes to', async () => {
    const all = await receiver()
    const failures = await receiver()
    const sandbox = await delivering({ url: all.url })
    await change(sandbox, 'POST', '', {
      endpoint_url: failures.url,
      events: ['media_uploads.failed'],
    })
    await startUploads(sandbox, 'a', 'fail')
    await attempts(sandbox, 3)
    expect([all.received.length, failures.received.length]).toEqual([2, 1])
    expect(failures.received[0]?.headers['signature']).toBeUndefined()
  })

  test('sends the event of an upload that was started before the webhook was created', async () => {
    const { url } = await receiver()
    const { now, forward } = handClock()
    const sandbox = await openSandbox({ clock: now, durations: exact })
    const [upload] = await startUploads(sandbox, 'a')
    await change(sandbox, 'POST', '', { endpoint_url: url })
    forward(2_500)
    await ask(sandbox, '/')
    expect(await attempts(sandbox, 1)).toMatchObject([{ upload }])
  })

  test('lists the events', async () => {
    const sandbox = await openSandbox()
    expect((await ask(sandbox, '/api/webhooks/events')).body).toEqual({
      data: ['media_uploads.completed', 'media_uploads.failed'],
    })
  })

  test.each([
    [{}, 'endpoint_url'],
    [{ endpoint_url: 'me' }, 'endpoint_url'],
    [{ endpoint_url: 'https://me.example', events: ['posts.created'] }, 'events'],
    [{ endpoint_url: 'https://me.example', signing_secret: '' }, 'signing_secret'],
  ])('answers 422 to %j', async (body, name) => {
    const sandbox = await openSandbox()
    const refused = await change(sandbox, 'POST', '', body)
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toContain(name)
  })

  test('refuses a body that is not JSON, an unknown webhook, and a request without the key', async () => {
    const sandbox = await openSandbox()
    expect((await ask(sandbox, '/api/webhooks', { method: 'POST' })).status).toBe(422)
    expect((await change(sandbox, 'PUT', 'webhook_1', { enabled: true })).status).toBe(404)
    expect((await fetch(`${sandbox.url}/api/webhooks`)).status).toBe(401)
  })

  test('redelivers the same bytes, signed with the current secret', async () => {
    const { url, received } = await receiver()
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a')
    const [{ id, webhook }] = [firstOf(await attempts(sandbox, 1))]
    await change(sandbox, 'PUT', webhook, { signing_secret: 'whsec_new' })
    const path = `/api/webhooks/${webhook}/deliveries`
    const { status, body } = await ask(sandbox, `${path}/${id}/redeliver`, { method: 'POST' })
    await attempts(sandbox, 2)
    const [first, again] = received
    expect(again?.text).toBe(first?.text)
    expect(again?.headers).toMatchObject({
      'x-ofapi-redelivery-of': id,
      'x-ofapi-idempotency-key': first?.headers['x-ofapi-idempotency-key'],
      signature: createHmac('sha256', 'whsec_new')
        .update(again?.text ?? '')
        .digest('hex'),
    })
    expect(status).toBe(202)
    const { redelivery_id } = body as { redelivery_id: string }
    expect((await ask(sandbox, path)).body).toMatchObject({
      data: [
        { delivery_uuid: redelivery_id, attempt: 1, response_status: 204, successful: true },
        { delivery_uuid: id },
      ],
    })
  })

  test('does not redeliver an unknown delivery, nor to a paused webhook', async () => {
    const { url } = await receiver()
    const sandbox = await delivering({ url })
    await startUploads(sandbox, 'a')
    const { id, webhook } = firstOf(await attempts(sandbox, 1))
    const redeliver = async (of: string, name: string): Promise<number> => {
      const path = `/api/webhooks/${of}/deliveries/${name}/redeliver`
      return (await ask(sandbox, path, { method: 'POST' })).status
    }
    const created = await change(sandbox, 'POST', '', { endpoint_url: url })
    expect(await redeliver(webhook, 'other')).toBe(404)
    expect(await redeliver('other', id)).toBe(404)
    expect(await redeliver(idOf(created.body), id)).toBe(404)
    await change(sandbox, 'PUT', webhook, { enabled: false })
    expect(await redeliver(webhook, id)).toBe(422)
  })

  test('sends an attempt to the current URL of the webhook', async () => {
    const [old, next] = [await receiver(() => 503), await receiver()]
    const sandbox = await delivering({ url: old.url })
    await startUploads(sandbox, 'a')
    const { webhook } = firstOf(await attempts(sandbox, 1))
    await change(sandbox, 'PUT', webhook, { endpoint_url: next.url })
    const made = await attempts(sandbox, 2)
    expect(made.map(({ status }) => status)).toContain(503)
    await startUploads(sandbox, 'b')
    await attempts(sandbox, made.length + 1)
    expect(next.received.length).toBeGreaterThanOrEqual(1)
  })
})

describe('parseWebhookRoute', () => {
  test.each([
    ['GET', '/api/webhooks', { action: 'list' }],
    ['POST', '/api/webhooks', { action: 'create' }],
    ['GET', '/api/webhooks/events', { action: 'events' }],
    ['PUT', '/api/webhooks/w', { action: 'update', webhook: 'w' }],
    ['DELETE', '/api/webhooks/w', { action: 'remove', webhook: 'w' }],
    ['GET', '/api/webhooks/w/deliveries', { action: 'deliveries', webhook: 'w' }],
    ['POST', '/api/webhooks/w/deliveries/d/redeliver', { webhook: 'w', delivery: 'd' }],
    ['DELETE', '/api/webhooks', { kind: 'wrongMethod', allow: 'GET, POST' }],
    ['toString', '/api/webhooks', { kind: 'wrongMethod' }],
  ])('parses %s %s', (method, path, route) => {
    expect(parseWebhookRoute(method, path)).toMatchObject(route)
  })

  test.each(['/api/webhooks/', '/api/webhooks/w/x', '/api/webhooks/w/deliveries/d', '/'])(
    'returns null for %s',
    path => {
      expect(parseWebhookRoute('GET', path)).toBeNull()
    },
  )
})

test('no event, answer or error of a sandbox contains the secret of a webhook', async () => {
  const events: unknown[] = []
  const { url } = await receiver(() => 401)
  const sandbox = await delivering({ url }, { on: event => events.push(event) })
  await startUploads(sandbox, 'a')
  await attempts(sandbox, 3)
  const { body } = await ask(sandbox, '/api/webhooks')
  expect(JSON.stringify([events, body, sandbox.deliveries()])).not.toContain('whsec')
  await expect(
    startSandbox({ webhooks: { url: 'whsec_wrong_place', secret: null } }),
  ).rejects.toThrow(/^webhooks\.url must be an http or https URL/)
})
