import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { type SandboxEvent } from '../../src/sandbox'
import { ask, fileUrl, openSandbox, post, postForm } from './openSandbox'

describe('the body of a POST', () => {
  const file = new File(['hello'], 'holiday.gif')

  test.each<[string, number, Readonly<Record<string, string | File>>]>([
    ['a file', 200, { file }],
    ['a file and async', 202, { file, async: 'true' }],
    ['a file, async as 1', 202, { file, async: '1' }],
    ['a file, async as 0', 200, { file, async: '0' }],
    ['a URL', 202, { file_url: fileUrl, async: 'true' }],
    ['a file and an empty URL', 200, { file, file_url: '' }],
    ['a URL and an empty file input', 200, { file_url: fileUrl, file: new File([], '') }],
    ['neither a file nor a URL', 422, { async: 'true' }],
    ['both a file and a URL', 422, { file, file_url: fileUrl }],
    ['text instead of a file', 422, { file: 'hello' }],
    ['an invalid async', 422, { file, async: 'yes' }],
    ['an http URL', 422, { file_url: 'http://m.example/a.jpg' }],
    ['an invalid URL', 422, { file_url: 'a.jpg' }],
  ])('as a form with %s gets a %d', async (_, expected, fields) => {
    const sandbox = await openSandbox()
    const { status, body } = await postForm(sandbox, 'vault', fields)
    expect(status).toBe(expected)
    if (expected === 422) expect(body).toEqual({ error: expect.stringMatching(/\.$/) })
  })

  test.each<[string, number, unknown]>([
    ['a URL', 200, { file_url: fileUrl }],
    ['a URL and async', 202, { file_url: fileUrl, async: true }],
    ['a URL and nulls', 200, { file_url: fileUrl, async: null, file: null }],
    ['neither a file nor a URL', 422, { async: true }],
    ['a file', 422, { file: 'x' }],
    ['both a file and a URL', 422, { file: 'x', file_url: fileUrl }],
    ['a URL that is a number', 422, { file_url: 5 }],
    ['an invalid async', 422, { file_url: fileUrl, async: 'maybe' }],
    ['async as a list', 422, { file_url: fileUrl, async: [] }],
    ['a list', 422, []],
    ['null', 422, null],
    ['more than 64 KiB', 422, { file_url: fileUrl, x: 'x'.repeat(65_536) }],
  ])('as JSON with %s gets a %d', async (_, expected, json) => {
    const sandbox = await openSandbox()
    expect((await post(sandbox, 'upload', json)).status).toBe(expected)
  })

  test.each([
    ['application/json', '{'],
    ['text/plain', 'hello'],
    ['multipart/form-data', 'hello'],
    ['multipart/form-data; boundary=b', 'hello'],
    ['', ''],
  ])('gets a 422 if it cannot be parsed as %j', async (type, body) => {
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

  test('is measured but not stored: 101 MB do not stay in memory', async () => {
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

  test('is recorded without a status and starts no upload if it breaks off', async () => {
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
