import { gzipSync } from 'node:zlib'
import { describe, expect, jest, test } from '@jest/globals'
import { isRight, left, right } from 'fp-ts/Either'
import { malformed, unavailable, unreachable } from '../../src/failure/failure'
import type { ApiKey } from '../../src/http/apiKey'
import { classify } from '../../src/api/classify'
import type { Fetch } from '../../src/http/fetch'
import { pending, ref } from '../answers'
import { fetches } from '../fetches'
import { bomb } from './faults'
import { keptFramings } from './framing'
import { again, bytes, end, head, whole } from './rawServer'
import { wire } from './wire'
import { isTransient } from '../../src/failure/match'
import { key, bodyCap, ask, answerOf, failureOf, shown, response } from './ask'

/** The header lines of a request, by their name in lower case. */
const headersOf = (request = ''): Readonly<Record<string, readonly string[]>> => {
  const lines = request.split('\r\n').slice(1)
  const pairs = lines.map(line => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')])
  const names = new Set(pairs.map(([name = '']) => name.toLowerCase()))
  return Object.fromEntries(
    [...names].map(name => [
      name,
      pairs.filter(([each]) => each?.toLowerCase() === name).map(([, value = '']) => value),
    ]),
  )
}

describe.each(fetches)('a request by %s', (name, fetch) => {
  const json = JSON.stringify(pending)

  test('is a GET for JSON, with the key and the additional headers', async () => {
    const server = await wire(whole(200, json))
    await ask(`${server.url}api/x?y=1`, { fetch, headers: { 'x-trace': 'abc' } })
    const [request] = server.requests
    expect(request).toMatch(/^GET \/api\/x\?y=1 HTTP\/1\.1\r\n/)
    expect(headersOf(request)).toMatchObject({
      accept: ['application/json'],
      authorization: [`Bearer ${key}`],
      'x-trace': ['abc'],
      'user-agent': [expect.stringMatching(/^rx-upload-status\/\d/)],
    })
    await ask(server.url, { fetch, headers: { 'user-agent': 'mine' } })
    expect(headersOf(server.requests[1])['user-agent']).toEqual(['mine'])
  })

  test('without a key sends no authorization, unless it is an additional header', async () => {
    const server = await wire(whole(200, json))
    await ask(server.url, { fetch, apiKey: () => null })
    await ask(server.url, { fetch, apiKey: () => null, headers: { authorization: 'Basic eDp5' } })
    expect(server.requests.map(request => headersOf(request)['authorization'])).toEqual([
      undefined,
      ['Basic eDp5'],
    ])
  })

  test('with a key ignores an additional authorization header', async () => {
    const server = await wire(whole(200, json))
    await ask(server.url, { fetch, headers: { authorization: 'Basic eDp5' } })
    expect(headersOf(server.requests[0])['authorization']).toEqual([`Bearer ${key}`])
  })

  test('may accept another media type', async () => {
    const server = await wire(whole(200, json))
    await ask(server.url, { fetch, headers: { accept: 'application/vnd.api+json' } })
    expect(headersOf(server.requests[0])['accept']).toEqual(['application/vnd.api+json'])
  })

  test('reads the key again each time', async () => {
    const server = await wire(whole(200, json))
    const apiKey = jest.fn<ApiKey>().mockReturnValueOnce('old').mockResolvedValueOnce('new')
    await ask(server.url, { fetch, apiKey })
    await ask(server.url, { fetch, apiKey })
    expect(server.requests.map(request => headersOf(request)['authorization'])).toEqual([
      ['Bearer old'],
      ['Bearer new'],
    ])
  })

  test('emits its answer and completes', async () => {
    const before = Date.now()
    const server = await wire(whole(200, json, { 'X-Own': 'abc', 'Retry-After': '7' }))
    const answer = answerOf(await ask(server.url, { fetch }))
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(right(pending))
    expect(['x-own', 'retry-after', 'x-none'].map(answer.header)).toEqual(['abc', '7', null])
    expect(answer.receivedAt).toBeGreaterThanOrEqual(before)
    expect(answer.receivedAt).toBeLessThanOrEqual(Date.now())
  })

  test.each<[string, ReturnType<typeof whole>]>([
    ['with a byte-order mark', whole(200, `\uFEFF${json}`)],
    ['in gzip', whole(200, gzipSync(json), { 'content-encoding': 'gzip' })],
    [
      'in chunks that split a character',
      bytes(
        Buffer.concat([
          Buffer.from(`${head(200, { 'transfer-encoding': 'chunked' })}1\r\n{\r\n`),
          Buffer.from('a\r\n"status":"\r\n'),
          Buffer.from([...Buffer.from('1\r\n'), 0xc3, ...Buffer.from('\r\n')]),
          Buffer.from([...Buffer.from('1\r\n'), 0xa9, ...Buffer.from('\r\n')]),
          Buffer.from('2\r\n"}\r\n0\r\n\r\n'),
        ]),
      ),
    ],
    ['up to the end of the connection', bytes(`${head(200, { connection: 'close' })}${json}`, end)],
    ['surrounded by white space', whole(200, ` \r\n${json}\r\n`)],
    [
      'followed by more bytes than its Content-Length',
      bytes(`${head(200, { 'content-length': String(json.length) })}${json}<b>Notice</b>`),
    ],
    [
      'followed by bytes after its last chunk',
      bytes(
        `${head(200, { 'transfer-encoding': 'chunked' })}${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\nmore`,
      ),
    ],
  ])('reads a body %s', async (how, reply) => {
    const server = await wire(reply)
    const body = how.includes('character') ? { status: 'é' } : pending
    expect(answerOf(await ask(server.url, { fetch })).body).toEqual(right(body))
  })

  test.each([
    ['empty', '', 'empty'],
    ['only white space', ' \n', 'empty'],
    ['truncated JSON', json.slice(0, -5), 'notJson'],
    ['a sentence', 'Service unavailable', 'notJson'],
    ['100,000 opening brackets', '['.repeat(100_000), 'notJson'],
    ['100,000 brackets', '['.repeat(100_000) + ']'.repeat(100_000), 'tooDeep'],
  ] as const)('reports a malformed body: %s', async (_, body, reason) => {
    const server = await wire(whole(200, body))
    expect(answerOf(await ask(server.url, { fetch })).body).toEqual(left(malformed(reason)))
  })

  test('has both values of a header that was sent twice', async () => {
    const twice = head(429, { 'content-length': '2' }).replace(
      /\r\n\r\n$/,
      '\r\nretry-after: 1\r\nretry-after: 3\r\n\r\n',
    )
    const server = await wire(bytes(`${twice}{}`))
    expect(answerOf(await ask(server.url, { fetch })).header('retry-after')).toBe('1, 3')
  })

  test('accepts an answer whose status allows no body', async () => {
    const server = await wire(bytes(head(204)))
    const answer = answerOf(await ask(server.url, { fetch }))
    expect([answer.status, answer.body]).toEqual([204, left(malformed('empty'))])
  })

  test('is not aborted after its fetch rejected, which could throw an uncaught error', async () => {
    // Node's own fetch rejects so many encodings at the head, and cannot be aborted after that.
    const body = gzipSync(json)
    const promised = {
      'content-encoding': Array<string>(6).fill('gzip').join(),
      'content-length': String(body.length),
    }
    const server = await wire(
      bytes(head(200, promised), socket => {
        setTimeout(() => socket.write(body), 50)
      }),
    )
    const result = await ask(server.url, { fetch })
    if (name === 'cross-fetch') expect(answerOf(result).body).toEqual(left(malformed('notJson')))
    else expect(result).toEqual(left(unreachable('UNKNOWN')))
  })

  test('leaves no connection if a body arrives that the fetch does not expose', async () => {
    const server = await wire(again(head(205), 'x', 5))
    expect(answerOf(await ask(server.url, { fetch, attemptTimeout: 400 })).status).toBe(205)
    // Node 26's own fetch ignores the abort: a limit that docs/testing.md names.
    if (name === 'cross-fetch' || parseInt(process.versions.node, 10) < 26) await server.gone()
    else await server.close()
  })

  test.each([200, 403, 404, 502, 520])(
    'reports a %d with an HTML page as unavailable, and keeps nothing of the page',
    async status => {
      const page = `\r\n <!DOCTYPE html><title>${key} Ray ID 8f2</title>`
      const server = await wire(whole(status, page, { 'content-type': 'text/html' }))
      const result = await ask(server.url, { fetch })
      expect(answerOf(result)).toMatchObject({
        status,
        body: left(unavailable(status, null, true)),
      })
      expect(shown(result)).not.toMatch(/DOCTYPE|Ray ID/)
    },
  )

  test('never shows the key, even if the server sends it', async () => {
    const body = `{"error":"No such key: ${key.replace('/', '\\/')}.","${key}":"${key}"}`
    const server = await wire(whole(401, body))
    const result = await ask(server.url, { fetch })
    expect(answerOf(result).body).toEqual(right({ error: 'No such key: [key].' }))
    expect(shown(result)).not.toContain(key)
    expect(JSON.stringify(classify(ref.upload, answerOf(result)))).not.toContain(key)
  })

  test.each([301, 302, 303, 307, 308])(
    'follows no redirect by %d: the other server receives no request',
    async status => {
      const other = await wire(whole(200, json))
      const location = `${other.url}login?token=secret`
      const server = await wire(bytes(head(status, { location, 'content-length': '99' }) + '<p>'))
      const answer = answerOf(await ask(server.url, { fetch }))
      expect(answer.status).toBe(status)
      expect(answer.header('location')).toBe(location)
      expect(failureOf(classify(ref.upload, answer))).toMatchObject({
        _tag: 'Rejected',
        status,
        message: `a redirect to ${other.url.replace(/\/$/, '')}`,
      })
      await server.gone()
      // This is the first request to the other server.
      await ask(other.url, { fetch })
      expect([other.requests.length, other.connections()]).toEqual([1, 1])
    },
  )

  test('accepts a body that is as large as the cap', async () => {
    const text = JSON.stringify('x'.repeat(bodyCap - 2))
    const plain = await wire(whole(200, text))
    const zipped = await wire(whole(200, gzipSync(text), { 'content-encoding': 'gzip' }))
    expect(answerOf(await ask(plain.url, { fetch })).body).toEqual(right('x'.repeat(bodyCap - 2)))
    expect(isRight(answerOf(await ask(zipped.url, { fetch })).body)).toBe(true)
  })

  test('refuses a body that is one byte larger, and closes the connection', async () => {
    const text = JSON.stringify('x'.repeat(bodyCap - 1))
    const promised = { 'content-length': String(text.length + 1) }
    const server = await wire(bytes(head(200, promised) + text))
    const { body } = answerOf(await ask(server.url, { fetch }))
    expect(body).toEqual(left(malformed('oversized')))
    expect(isTransient(failureOf(body))).toBe(false)
    await server.gone()
  })

  test('stops at the cap of a body that is small before decompression', async () => {
    const server = await wire(bomb(200))
    const before = process.memoryUsage()
    const { body } = answerOf(await ask(server.url, { fetch }))
    const after = process.memoryUsage()
    expect(body).toEqual(left(malformed('oversized')))
    await server.gone()
    // The whole body has 300 MB.
    const grown = after.external + after.heapUsed - before.external - before.heapUsed
    expect(grown).toBeLessThan(50 * 1_024 ** 2)
  })
})

test('several requests of the Node platform share one connection', async () => {
  const server = await wire(whole(200, '{}', {}, keptFramings))
  // A path of its own: an earlier server may have had this port, and after a failure the next request for
  // the same URL opens a new connection.
  const url = `${server.url}/shared`
  for (const status of [200, 200, 200, 200]) expect(answerOf(await ask(url)).status).toBe(status)
  expect([server.requests.length, server.connections()]).toEqual([4, 1])
})

test('an answer that contains < is not an HTML page', async () => {
  const fetch: Fetch = () => Promise.resolve(response('{"error":"no <b>"}'))
  const answer = answerOf(await ask('https://api.example/', { fetch }))
  expect(answer.body).toEqual(right({ error: 'no <b>' }))
})
