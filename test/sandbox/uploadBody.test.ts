import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { type SandboxEvent } from '../../src/sandbox'
import { ask, fileUrl, openSandbox, post, postForm } from './openSandbox'

describe('the body of a POST', () => {
  const file = new File(['hello'], 'holiday.gif')

  test.each<[string, Readonly<Record<string, string | File>>, number]>([
    ['a file', { file }, 200],
    ['a file and async', { file, async: 'true' }, 202],
    ['a file, async as 1', { file, async: '1' }, 202],
    ['a file, async as 0', { file, async: '0' }, 200],
    ['a URL', { file_url: fileUrl, async: 'true' }, 202],
    ['a file and an empty URL', { file, file_url: '' }, 200],
    ['a URL and an empty file input', { file_url: fileUrl, file: new File([], '') }, 200],
    ['neither', { async: 'true' }, 422],
    ['both', { file, file_url: fileUrl }, 422],
    ['text in place of a file', { file: 'hello' }, 422],
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
    ['a URL and async', { file_url: fileUrl, async: true }, 202],
    ['a URL and nulls', { file_url: fileUrl, async: null, file: null }, 200],
    ['neither', { async: true }, 422],
    ['a file', { file: 'x' }, 422],
    ['both', { file: 'x', file_url: fileUrl }, 422],
    ['a URL that is a number', { file_url: 5 }, 422],
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
  ])('of type %j that cannot be parsed gets a 422', async (type, body) => {
    const sandbox = await openSandbox()
    const { status } = await ask(sandbox, '/api/acct_sandbox/media/vault', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(status).toBe(422)
  })

  test('may contain a file of maxFileBytes; one byte more gets a 422', async () => {
    const sandbox = await openSandbox({ maxFileBytes: 1_000 })
    const statusFor = async (bytes: number): Promise<number> =>
      (await postForm(sandbox, 'vault', { file: new File([new Uint8Array(bytes)], 'a.jpg') }))
        .status
    expect(await statusFor(1_000)).toBe(200)
    expect(await statusFor(1_001)).toBe(422)
  })

  test('is measured and not stored: 101 MB do not stay in memory', async () => {
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

  test('that breaks off is recorded without a status, and starts no upload', async () => {
    let resolveEvent: (event: SandboxEvent) => void = () => undefined
    const event = new Promise<SandboxEvent>(resolve => {
      resolveEvent = resolve
    })
    const sandbox = await openSandbox({
      on: received => {
        resolveEvent(received)
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
    expect(await event).toMatchObject({ method: 'POST', status: null, upload: null })
    expect(sandbox.counts().uploads).toBe(0)
  })
})
