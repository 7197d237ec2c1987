import { request } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { firstValueFrom } from 'rxjs'
import { completed, ref } from '../answers'
import { bytesOf, ended, headersOf, logged } from './deliveries'
import { hosts, readingHosts } from './hosts'

/** Sends a body over a connection of its own, in pieces of so many bytes. */
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

describe.each(Object.entries(hosts))('under %s', (_, host) => {
  test('a delivery in pieces is verified by its bytes, and pushed', async () => {
    const { webhook } = logged()
    const { url } = await host(webhook)
    const pushed = firstValueFrom(webhook.statuses$)
    // A character that two pieces share.
    const text = JSON.stringify({ ...ended(), note: '失敗'.repeat(9) }).replaceAll('/', '\\/')
    expect(await post(url, bytesOf(text))).toEqual({ status: 204, text: '' })
    expect(await pushed).toEqual({ ...ref, status: completed })
  })

  test.each([
    ['with a length', { 'content-length': bytesOf(ended()).length }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('a body %s is read', async (_, framing) => {
    const { url } = await host(logged().webhook)
    const headers = { ...headersOf(ended()), ...framing }
    expect((await post(url, bytesOf(ended()), headers)).status).toBe(204)
  })

  test('a forged delivery is refused', async () => {
    const { url } = await host(logged().webhook)
    const { status, text } = await post(url, bytesOf(ended()), headersOf(ended(), 'other'))
    expect(status).toBe(401)
    expect(JSON.parse(text)).toEqual({ error: 'the signature is not of these bytes' })
  })

  test('a body that is too large is refused', async () => {
    const { url } = await host(logged({ maxBytes: 10 }).webhook)
    expect((await post(url, bytesOf('x'.repeat(11)))).status).toBe(413)
  })

  test('several deliveries on one connection are answered', async () => {
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

test.each(Object.entries(readingHosts))('under %s the answer names the fix', async (_, host) => {
  const { webhook, events } = logged()
  const { url } = await host(webhook)
  const { status, text } = await post(url, bytesOf(ended()))
  expect([status, text]).toEqual([500, expect.stringContaining('express.json()')])
  expect(events).toMatchObject([{ _tag: 'DeliveryRefused', reason: 'bodyRead' }])
})
