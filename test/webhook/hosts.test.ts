import { request } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { firstValueFrom } from 'rxjs'
import { createUploadStatusClient, type PushedStatus } from 'rx-upload-status'
import {
  beforeAccepted,
  conflicting,
  duplicate,
  forged,
  outOfOrder,
  send,
  spelled,
  unsigned,
} from 'rx-upload-status/sandbox'
import { completed, ref } from '../answers'
import { delivering, startUploads } from '../sandbox/webhooks/receiver'
import { until } from '../until'
import { bytesOf, ended, headersOf, logged, secret } from './deliveries'
import { hosts, readingHosts } from './hosts'

/** Sends a body over a new connection, in chunks of this many bytes. */
const post = (
  url: string,
  body: Uint8Array,
  headers: Record<string, string | number> = headersOf(Buffer.from(body)),
  piece = 7,
): Promise<{ readonly status: number | undefined; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () => {
        resolve({ status: response.statusCode, text })
      })
    })
    sent.once('error', reject)
    for (let at = 0; at < body.length; at += piece) sent.write(body.subarray(at, at + piece))
    sent.end()
  })

describe.each(Object.entries(hosts))('a webhook under %s', (_, host) => {
  test('verifies the bytes of a delivery in chunks, and pushes its status', async () => {
    const { webhook } = logged()
    const { url } = await host(webhook)
    const pushed = firstValueFrom(webhook.statuses$)
    // Characters that are split across chunks.
    const text = JSON.stringify({ ...ended(), note: '失敗'.repeat(9) }).replaceAll('/', '\\/')
    expect(await post(url, bytesOf(text))).toEqual({ status: 204, text: '' })
    expect(await pushed).toEqual({ ...ref, status: completed })
  })

  test.each([
    ['with a length', { 'content-length': bytesOf(ended()).length }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('reads a body %s', async (_, framing) => {
    const { url } = await host(logged().webhook)
    const headers = { ...headersOf(ended()), ...framing }
    expect((await post(url, bytesOf(ended()), headers)).status).toBe(204)
  })

  test('refuses a forged delivery', async () => {
    const { url } = await host(logged().webhook)
    const { status, text } = await post(url, bytesOf(ended()), headersOf(ended(), 'other'))
    expect(status).toBe(401)
    expect(JSON.parse(text)).toEqual({ error: 'the signature does not match the body' })
  })

  test('refuses a body that is too large', async () => {
    const { url } = await host(logged({ maxBytes: 10 }).webhook)
    expect((await post(url, bytesOf('x'.repeat(11)))).status).toBe(413)
  })

  test('ends each watch with the right status for any deliveries of the sandbox', async () => {
    const processed: PushedStatus[] = []
    const { webhook } = logged({
      onStatus: pushed => {
        processed.push(pushed)
        return Promise.resolve()
      },
    })
    const { url } = await host(webhook)
    const plan = [
      outOfOrder(),
      duplicate(),
      forged(),
      spelled('ids', unsigned()),
      conflicting(),
      beforeAccepted(),
      send(),
    ] as const
    const sandbox = await delivering({ url, secret, plan })
    const client = createUploadStatusClient({
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      push: webhook,
    })
    const uploads = await startUploads(sandbox, ...plan.map((_, nth) => (nth % 2 ? 'fail' : 'a')))
    for (const [nth, upload] of uploads.entries()) {
      const status = nth % 2 ? 'failed' : 'completed'
      expect(await client.uploadOutcome('acct_sandbox', upload)()).toMatchObject({
        right: { status, prefixed_id: upload },
      })
    }
    await until(() => processed.length === plan.length)
    // A busy delivery is repeated. By then every forged one has been refused.
    expect(processed.map(({ upload, status }) => [upload, status.status]).sort()).toEqual(
      uploads.map((upload, nth) => [upload, nth % 2 ? 'failed' : 'completed']).sort(),
    )
    await client.close()
  })

  test('answers several deliveries on one connection', async () => {
    const { webhook, events } = logged()
    const { url } = await host(webhook)
    for (const upload of ['a', 'b', 'c']) {
      const body = ended('completed', { ...ref, upload })
      const { status } = await fetch(url, {
        method: 'POST',
        headers: headersOf(body),
        body: bytesOf(body),
      })
      expect(status).toBe(204)
    }
    expect(events.filter(({ _tag }) => _tag === 'DeliveryAccepted')).toHaveLength(3)
  })
})

test.each(Object.entries(readingHosts))(
  'a webhook under %s answers with the fix',
  async (_, host) => {
    const { webhook, events } = logged()
    const { url } = await host(webhook)
    const { status, text } = await post(url, bytesOf(ended()))
    expect([status, text]).toEqual([500, expect.stringContaining('express.json()')])
    expect(events).toMatchObject([{ _tag: 'DeliveryRefused', reason: 'bodyRead' }])
  },
)

test('a webhook reads a body that express.json() does not parse', async () => {
  const { webhook } = logged()
  const { url } = await readingHosts['Express after express.json()'](webhook)
  const headers = { ...headersOf(ended()), 'content-type': 'text/plain' }
  expect(await post(url, bytesOf(ended()), headers)).toEqual({ status: 204, text: '' })
})
