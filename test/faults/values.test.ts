import { describe, expect, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import {
  describe as describeFailure,
  uploadStatus$,
  type Failure,
  type UploadStatus,
} from 'rx-upload-status'
import { lastValueFrom } from 'rxjs'
import { rejected, unavailable } from '../../src/failure/failure'
import { ref } from '../answers'
import { whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, quick } from './follow'
import { isRetried } from './laws'
import { row } from './row'

const prefixed_id = ref.upload

const answer = (body: object): Reply => whole(200, JSON.stringify(body))

const failureOf = (end: unknown): Failure => {
  const value = end as { readonly _tag: 'Left'; readonly left: Failure }
  if (!isLeft(value)) throw new Error('no failure')
  return value.left
}

row('a key that occurs in ordinary answers (x, id, media, test)', ({ fetch }) => {
  const ordinary = {
    status: 'completed',
    prefixed_id,
    media: {
      id: 7,
      type: 'test',
      files: { full: { url: 'https://cdn.test/media/x/id?e=E', width: 1 } },
      test: { x: 'x', id: 'id' },
    },
    x: [{ media: 'media' }, 'https://media.example/test?id=x'],
  }

  const keys = ['x', 'id', 'media', 'test', 'E', '1', '"', '\\', '/', 'completed', 'status']

  test.each([...keys, 'prefixed_id', 'https', 'cdn.test', '0123456789abcde'])(
    'leaves an answer unchanged: %s',
    async apiKey => {
      const server = await wire(answer(ordinary))
      const { account, upload } = ref
      const watch$ = uploadStatus$(account, upload, {
        ...quick,
        fetch,
        baseUrl: server.url,
        apiKey,
      })
      expect(await lastValueFrom(watch$)).toEqual(right(ordinary))
    },
  )

  test.each(['E', 'x', 'CONN'])('leaves a failure unchanged: %s', async apiKey => {
    const own = { ...quick, baseUrl: 'http://127.0.0.1:9', fetch, apiKey, retry: none }
    const end = await lastValueFrom(uploadStatus$(ref.account, ref.upload, own))
    expect(JSON.stringify(end)).not.toContain('[key]')
    const server = await wire(whole(400, '{"error":"Exxon CONNects","code":"E_CONN"}'))
    expect(
      await lastValueFrom(uploadStatus$(ref.account, ref.upload, { ...own, baseUrl: server.url })),
    ).toMatchObject(left({ message: 'Exxon CONNects', code: 'E_CONN' }))
  })

  const none = { retries: 0, base: 1, cap: 1 }

  test.each([
    ['equals the upload id', 'ofapi_media_0123456789', 'ofapi_media_0123456789'],
    ['is part of the upload id', 'ofapi_media_0123456789', 'media_0123456789'],
  ])('a long key that %s leaves the id unchanged', async (_, upload, apiKey) => {
    const status: UploadStatus = {
      status: 'failed',
      prefixed_id: upload,
      error: `${upload} failed`,
    }
    const server = await wire(answer(status))
    const options = { ...quick, fetch, baseUrl: server.url, apiKey }
    expect(await lastValueFrom(uploadStatus$(ref.account, upload, options))).toEqual(right(status))
  })

  test('redacts a long key in every text from the server, however it is escaped', async () => {
    const apiKey = '12|sk_live/4711"0815'
    const escaped = JSON.stringify(apiKey).slice(1, -1).replaceAll('/', '\\/')
    const error = `bad key ${apiKey}, ${encodeURIComponent(apiKey)}, ${escaped}`
    const options = { ...quick, fetch, apiKey }
    const failing = await wire(answer({ status: 'failed', prefixed_id, error }))
    const redacted = 'bad key [key], [key], [key]'
    expect(
      await lastValueFrom(
        uploadStatus$(ref.account, ref.upload, { ...options, baseUrl: failing.url }),
      ),
    ).toEqual(right({ status: 'failed', prefixed_id, error: redacted }))
    const refusing = await wire(whole(400, JSON.stringify({ error })))
    expect(
      await lastValueFrom(
        uploadStatus$(ref.account, ref.upload, { ...options, baseUrl: refusing.url }),
      ),
    ).toMatchObject(left({ message: redacted }))
  })
})

row('HTML with 403 or 404', ({ fetch }) => {
  const nginx = '<html>\r\n<head><title>404 Not Found</title></head>\r\n</html>'
  const challenge = '<!DOCTYPE html><title>Just a moment...</title>'

  describe.each<[number, string, Readonly<Record<string, string>>]>([
    [403, challenge, { 'content-type': 'text/html; charset=UTF-8' }],
    [404, nginx, { 'content-type': 'text/html' }],
    [404, nginx, {}],
    [403, 'Attention required! Cloudflare', { 'content-type': 'Text/HTML' }],
    [400, nginx, { 'content-type': 'text/html' }],
    [401, nginx, { 'content-type': 'application/xhtml+xml' }],
    [405, challenge, { 'content-type': 'text/html' }],
    [403, 'error code: 1020', { 'content-type': 'text/plain; charset=UTF-8' }],
    [413, nginx, { 'content-type': 'text/html' }],
    [202, challenge, { 'content-type': 'text/html' }],
  ])('%d, %j, %j', (status, body, headers) => {
    isRetried(whole(status, body, headers), unavailable(status, null, true), { fetch })

    test('is described as a page', async () => {
      const server = await wire(whole(status, body, headers))
      const [end] = await follow(server.url, { fetch }).ended
      expect(describeFailure(failureOf(end))).toMatch(
        `the service was unavailable (HTTP ${String(status)}, a page instead of JSON)`,
      )
    })
  })

  test('JSON with the content type of HTML is an answer of the API', async () => {
    const server = await wire(
      whole(403, '{"message":"No scope."}', { 'content-type': 'text/html' }),
    )
    const [end] = await follow(server.url, { fetch }).ended
    expect(end).toMatchObject(
      left({ ...rejected(403, null, 'No scope.'), attempts: 1, elapsed: expect.any(Number) }),
    )
  })

  test('the failure includes the Retry-After of the page', async () => {
    const server = await wire(whole(403, challenge, { 'retry-after': '3600' }))
    const [end] = await follow(server.url, { fetch, deadline: 10_000 }).ended
    expect(end).toMatchObject(left({ _tag: 'Unavailable', page: true, retryAfter: 3_600_000 }))
  })
})

row('a numeric id that is fractional, negative or beyond 2^53 - 1', ({ fetch }) => {
  const expected = 'a whole number from 0 to 2^53 - 1'
  const problem = {
    _tag: 'Malformed',
    reason: 'shape',
    status: 'completed',
    problems: expect.arrayContaining([{ path: 'media.id', expected }]),
  }

  describe.each(['9007199254740993', '9007199254740992', '1.5', '-7', '-0.5', '1e308', '1e999'])(
    '%s',
    id => {
      isRetried(
        whole(200, `{"status":"completed","prefixed_id":"${prefixed_id}","media":{"id":${id}}}`),
        problem,
        { fetch },
      )
    },
  )

  test.each([0, 7, Number.MAX_SAFE_INTEGER])('accepts the id %d', async id => {
    const status = { status: 'completed', prefixed_id, media: { id } }
    const server = await wire(answer(status))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(status)])
  })

  test('is rejected even beside a valid prefixed_id', async () => {
    const media = '{"id":9007199254740993,"prefixed_id":"x"}'
    const server = await wire(
      whole(200, `{"status":"completed","prefixed_id":"${prefixed_id}","media":${media}}`),
    )
    const [end] = await follow(server.url, { fetch }).ended
    expect(end).toMatchObject(left(problem))
  })
})

row('text truncated within a surrogate pair; lone surrogates', ({ fetch }) => {
  const emoji = '\u{1F600}'

  test.each([
    ['an emoji at the limit', `"${'x'.repeat(299)}${emoji}"`, 'x'.repeat(299)],
    ['only emoji', `"${emoji.repeat(200)}"`, emoji.repeat(150)],
    ['a lone surrogate', '"a\\ud83d b"', 'a\uFFFD b'],
    ['a pair in the wrong order', '"\\ude00\\ud83d"', '\uFFFD\uFFFD'],
    ['a lone surrogate at the limit', `"${'x'.repeat(299)}\\ud83d"`, `${'x'.repeat(299)}\uFFFD`],
  ])('%s: the message of the failure is well-formed', async (_, json, message) => {
    for (const name of ['error', 'message']) {
      const server = await wire(whole(400, `{"${name}":${json}}`))
      const [end] = await follow(server.url, { fetch }).ended
      expect(failureOf(end)).toMatchObject({ message })
      expect(() => encodeURIComponent(describeFailure(failureOf(end)))).not.toThrow()
    }
  })

  test('a status contains no lone surrogate, neither in values nor in names', async () => {
    const server = await wire(
      whole(
        200,
        `{"status":"failed","prefixed_id":"${prefixed_id}","error":"a\\ud83d","x":{"\\ude00":["\\ud83d\\ude00"]}}`,
      ),
    )
    expect(await follow(server.url, { fetch }).ended).toEqual([
      right({ status: 'failed', prefixed_id, error: 'a\uFFFD', x: { '\uFFFD': [emoji] } }),
    ])
  })
})
