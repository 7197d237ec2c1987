import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { parsePollingUrl } from '../../src/api/endpoint'
import type { Sandbox } from '../../src/sandbox'
import { uploadOutcome } from '../../src/uploadOutcome'
import { handClock, openSandbox } from '../sandbox/openSandbox'
import { createGeneratedClient, type GeneratedClient } from './generatedClient'

const clientOf = (sandbox: Sandbox, send?: typeof fetch): GeneratedClient =>
  createGeneratedClient({
    apiKey: sandbox.apiKey,
    baseURL: sandbox.url,
    ...(send === undefined ? {} : { fetch: send }),
  })

const account = 'acct_1'
const file = new File([new Uint8Array(2_000_000)], 'photo.jpg')

describe('a client generated from the description', () => {
  test('uploads a file to the vault, which this library watches until it is terminal', async () => {
    const sandbox = await openSandbox({ durations: { pending: 20, processing: 20 } })
    const { status, polling_url } = await clientOf(sandbox).media.vault.upload(account, {
      file,
      async: true,
    })
    expect(status).toBe('pending')
    const watched = parsePollingUrl(polling_url, { baseUrl: sandbox.url })
    if (E.isLeft(watched)) throw new Error(JSON.stringify(watched.left))
    const end = await uploadOutcome(watched.right.account, watched.right.upload, {
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      schedule: () => 10,
    })()
    expect(end).toMatchObject(
      E.right({ status: 'completed', credits_used: 6, media: { type: 'photo' } }),
    )
  })

  test('polls an upload to the CDN itself', async () => {
    const clock = handClock()
    const sandbox = await openSandbox({
      clock: clock.now,
      durations: { pending: 10, processing: 10, spread: 0 },
    })
    const { media } = clientOf(sandbox)
    const { prefixed_id = '' } = await media.upload(account, {
      file_url: 'https://media.example/clip.mp4',
      type: 'default',
      async: true,
    })
    const statuses: unknown[] = []
    for (const wait of [0, 10, 10]) {
      clock.forward(wait)
      statuses.push((await media.uploads.getStatus(prefixed_id, { account })).status)
    }
    expect(statuses).toEqual(['pending', 'processing', 'completed'])
    const { media: finished } = await media.uploads.getStatus(prefixed_id, { account })
    expect(finished).toMatchObject({ file_name: 'clip.mp4', prefixed_id: expect.any(String) })
  })

  test('gets the finished media of a POST without async', async () => {
    const { media } = clientOf(await openSandbox())
    expect(await media.vault.upload(account, { file })).toMatchObject({ data: { type: 'photo' } })
    expect(await media.upload(account, { file })).toMatchObject({
      file_name: 'photo.jpg',
      note: expect.any(String),
    })
  })

  test('gets errors in the form that it expects', async () => {
    const sandbox = await openSandbox({ credits: 1 })
    const { media } = clientOf(sandbox)
    await expect(media.upload(account, {})).rejects.toMatchObject({ status: 422 })
    await expect(media.upload(account, { file })).rejects.toMatchObject({
      status: 402,
      error: { error: expect.any(String) },
    })
    await expect(media.uploads.getStatus('ofapi_media_0', { account })).rejects.toMatchObject({
      status: 404,
    })
    const stranger = createGeneratedClient({ apiKey: 'wrong', baseURL: sandbox.url })
    await expect(stranger.media.upload(account, { file })).rejects.toMatchObject({ status: 401 })
  })

  test('is billed twice if the first answer to a POST is lost, because it retries the POST', async () => {
    const sandbox = await openSandbox({ credits: 100 })
    let sent = 0
    const losesFirstAnswer: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      sent += 1
      if (sent > 1) return response
      await response.body?.cancel()
      throw new TypeError('the connection was lost')
    }
    const { media } = clientOf(sandbox, losesFirstAnswer)
    await media.vault.upload(account, { file, async: true })
    expect(sandbox.counts()).toMatchObject({ requests: 2, uploads: 2 })
    const { headers } = await fetch(`${sandbox.url}/api/acct_1/media/uploads/u/status`, {
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
    })
    expect(headers.get('x-ofapi-credits-balance')).toBe('88')
  })
})
