import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { build } from 'esbuild'
import { isLeft, isRight, left, right, type Either } from 'fp-ts/Either'
import { identity, lastValueFrom, noop, toArray } from 'rxjs'
import {
  invalidRequest,
  malformed,
  timedOut,
  unavailable,
  unreachable,
  type Failure,
} from '../../src/failure/failure'
import type { Answer } from '../../src/api/answer'
import type { ApiKey } from '../../src/http/apiKey'
import { classify } from '../../src/api/classify'
import type { Fetch, FetchInit, FetchResponse } from '../../src/http/fetch'
import type { RefusedKey } from '../../src/http/refusedKey'
import { request$, type RequestSettings } from '../../src/http/request'
import node from '../../src/platform/node'
import { pending, ref } from '../answers'
import { fetches } from '../fetches'
import { beforeTheHead, bomb, inTheBody } from './faults'
import { keptFramings } from './framing'
import { marbles } from '../marbles'
import { again, bytes, end, head, whole } from './rawServer'
import { wire } from './wire'
import { isTransient } from '../../src/failure/match'

const key = 'sk_test/4711/0815'
const bodyCap = 256 * 1_024

const settings: RequestSettings = {
  fetch: node.fetch,
  apiKey: () => key,
  headers: {},
  attemptTimeout: 4_000,
}

type Result = Either<Failure, Answer>

/** The one value of a request, which then completes. */
const ask = async (url: string, how: Partial<RequestSettings> = {}): Promise<Result> => {
  const values = await lastValueFrom(request$(url, { ...settings, ...how }).pipe(toArray()))
  const [value, ...rest] = values
  if (value === undefined || rest.length > 0) throw new Error(`${String(values.length)} values`)
  return value
}

const answerOf = (result: Result): Answer => {
  if (isRight(result)) return result.right
  throw new Error(`no answer: ${JSON.stringify(result.left)}`)
}

const failureOf = (result: Either<Failure, unknown>): Failure => {
  if (isLeft(result)) return result.left
  throw new Error(`no failure: ${JSON.stringify(result.right)}`)
}

/** All data of a result. */
const shown = (result: Result): string => JSON.stringify(result)

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

  /** Faults that look like a slow server: only the timeout detects them. */
  const slow = new Set([
    'is silent',
    'is silent in the head',
    'never comes',
    'stops half-way',
    'has a head that comes a byte at a time',
    'comes a byte at a time',
    // node-fetch misses these.
    ...(name === 'cross-fetch' ? ['switches protocols', 'continues forever', 'is cut'] : []),
  ])

  describe.each(Object.entries(beforeTheHead))('to a server that %s', (fault, reply) => {
    test('fails as unreachable or timed out, and leaves no connection', async () => {
      const server = await wire(reply)
      const attemptTimeout = slow.has(fault) ? 400 : settings.attemptTimeout
      const failure = failureOf(await ask(server.url, { fetch, attemptTimeout }))
      if (slow.has(fault)) expect(failure).toEqual(timedOut('headers', attemptTimeout))
      else
        expect(failure).toEqual(
          unreachable(expect.stringMatching(/^(HPE|UND_ERR)_|^ECONN/) as never),
        )
      expect(isTransient(failure)).toBe(true)
      await server.gone()
      expect(server.requests).toHaveLength(1)
    })
  })

  describe.each(Object.entries(inTheBody))('whose answer has a body that %s', (fault, replyOf) => {
    const attemptTimeout = slow.has(fault) ? 400 : settings.attemptTimeout
    const lost =
      fault === 'is a gzip bomb'
        ? malformed('oversized')
        : slow.has(fault)
          ? timedOut('body', attemptTimeout)
          : unreachable(expect.stringMatching(/^(HPE|UND_ERR|ERR|Z)_|^ECONN/) as never)

    test('fails, and leaves no connection', async () => {
      const server = await wire(replyOf(200))
      const answer = answerOf(await ask(server.url, { fetch, attemptTimeout }))
      expect(answer.body).toEqual(left(lost))
      expect(classify(ref.upload, answer)).toEqual(answer.body)
      await server.gone()
      expect(server.requests).toHaveLength(1)
    })

    test.each([
      [401, 'Rejected'],
      [404, 'Rejected'],
      [429, 'Throttled'],
      [503, 'Unavailable'],
    ] as const)('with a %d is still %s', async (status, tag) => {
      const server = await wire(replyOf(status))
      const answer = answerOf(await ask(server.url, { fetch, attemptTimeout }))
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual(left(lost))
      expect(failureOf(classify(ref.upload, answer))._tag).toBe(tag)
      await server.gone()
    })
  })

  test('to a port without a listener is unreachable', async () => {
    const server = await wire(noop)
    await server.close()
    expect(await ask(server.url, { fetch })).toEqual(left(unreachable('ECONNREFUSED')))
  })

  test('to a host name that cannot exist is unreachable', async () => {
    const failure = failureOf(await ask(`http://${'x'.repeat(64)}.invalid/`, { fetch }))
    expect(failure).toEqual(unreachable('ENOTFOUND'))
  })

  test('whose TLS handshake never starts times out, and leaves no connection', async () => {
    const server = await wire(noop)
    const result = await ask(server.url.replace('http:', 'https:'), { fetch, attemptTimeout: 60 })
    expect(result).toEqual(left(timedOut('headers', 60)))
    expect(server.requests).toEqual([])
    // Node's own fetch tries to connect for 10 s after an abort: a limit that docs/testing.md names.
    if (name === 'cross-fetch') await server.left()
    else await server.close()
  })

  test('has its own signal, which is aborted only if something is left to stop', async () => {
    const signals: AbortSignal[] = []
    const watched: Fetch = (url, init) => {
      signals.push(init.signal)
      return fetch(url, init)
    }
    const good = await wire(whole(200, json))
    const bad = await wire(noop)
    await ask(good.url, { fetch: watched })
    await ask(good.url, { fetch: watched })
    await ask(bad.url, { fetch: watched, attemptTimeout: 30 })
    expect(new Set(signals).size).toBe(3)
    expect(signals.map(signal => signal.aborted)).toEqual([false, false, true])
  })

  describe('on unsubscribe', () => {
    const emitted = jest.fn()
    const observer = { next: emitted, error: emitted, complete: emitted }

    beforeEach(() => {
      emitted.mockReset()
    })

    test('sends nothing while the key is awaited', async () => {
      const server = await wire(whole(200, json))
      let give: (given: string) => void = noop
      const apiKey: ApiKey = () =>
        new Promise(resolve => {
          give = resolve
        })
      request$(server.url, { ...settings, fetch, apiKey })
        .subscribe(observer)
        .unsubscribe()
      give(key)
      // A request that was sent would arrive before this one.
      await ask(server.url, { fetch })
      expect([server.requests.length, server.connections()]).toEqual([1, 1])
      expect(emitted).not.toHaveBeenCalled()
    })

    test('sends nothing in the turn of the subscription', async () => {
      const server = await wire(whole(200, json))
      request$(server.url, { ...settings, fetch })
        .subscribe(observer)
        .unsubscribe()
      await ask(server.url, { fetch })
      expect([server.requests.length, server.connections()]).toEqual([1, 1])
      expect(emitted).not.toHaveBeenCalled()
    })

    test('closes the connection while the head is awaited', async () => {
      const server = await wire(noop)
      const asking = request$(server.url, { ...settings, fetch }).subscribe(observer)
      await server.heard(1)
      asking.unsubscribe()
      await server.gone()
      expect(server.requests).toHaveLength(1)
      expect(emitted).not.toHaveBeenCalled()
    })

    test.each([
      ['has stalled', bytes(`${head(200, { 'content-length': '9999' })}{"a":`)],
      ['trickles', again(head(200, { 'content-length': '9999' }), ' ', 1)],
      ['has not begun', bytes(head(200, { 'content-length': '9999' }))],
    ])('closes the connection while the body %s', async (_, reply) => {
      const server = await wire(reply)
      const headed = new Promise<void>(resolve => {
        const watched: Fetch = async (url, init) => {
          const response = await fetch(url, init)
          setImmediate(() => {
            asking.unsubscribe()
            resolve()
          })
          return response
        }
        const asking = request$(server.url, { ...settings, fetch: watched }).subscribe(observer)
      })
      await headed
      await server.gone()
      expect(server.requests).toHaveLength(1)
      expect(emitted).not.toHaveBeenCalled()
    })
  })
})

/** A stub of a response. */
const response = (body: string, part: Partial<FetchResponse> = {}): FetchResponse => ({
  status: 200,
  headers: { get: () => null },
  text: () => Promise.resolve(body),
  ...part,
})

describe('any fetch', () => {
  const url = 'https://api.example/status'

  test('is called once, without this, and with redirect and cache disabled', async () => {
    const calls: { readonly self: unknown; readonly url: string; readonly init: FetchInit }[] = []
    const fetch: Fetch = function (this: unknown, input, init) {
      calls.push({ self: this, url: input, init })
      return Promise.resolve(response('{}'))
    }
    await ask(url, { fetch })
    const init = {
      method: 'GET',
      headers: { accept: 'application/json', authorization: `Bearer ${key}` },
      redirect: 'manual',
      cache: 'no-store',
      signal: expect.any(AbortSignal),
    }
    expect(calls).toMatchObject([{ self: undefined, url, init }])
    // A copy has the signal too.
    expect(Object.keys({ ...calls[0]?.init }).sort()).toEqual(Object.keys(init).sort())
    expect({ ...calls[0]?.init }.signal).toBe(calls[0]?.init.signal)
  })

  test('may return a body that cannot be streamed', async () => {
    const fetch: Fetch = () => Promise.resolve(response('\uFEFF{"a":1}'))
    expect(answerOf(await ask(url, { fetch })).body).toEqual(right({ a: 1 }))
    const large: Fetch = () => Promise.resolve(response('x'.repeat(bodyCap + 1)))
    expect(answerOf(await ask(url, { fetch: large })).body).toEqual(left(malformed('oversized')))
  })

  test('may hide the status of a redirect', async () => {
    const text = jest.fn<() => Promise<string>>()
    const fetch: Fetch = () =>
      Promise.resolve(response('', { status: 0, type: 'opaqueredirect', text }))
    const answer = answerOf(await ask(url, { fetch }))
    expect(failureOf(classify(ref.upload, answer))).toMatchObject({ _tag: 'Rejected', status: 0 })
    expect(text).not.toHaveBeenCalled()
  })

  test.each([
    [200, 1],
    [299, 1],
    [300, 0],
    [304, 0],
    [399, 0],
    [400, 1],
    [599, 1],
  ])('that answers %d has its body read %d times', async (status, times) => {
    const text = jest.fn(() => Promise.resolve('{"a":1}'))
    const fetch: Fetch = () => Promise.resolve(response('', { status, text }))
    expect(answerOf(await ask(url, { fetch })).status).toBe(status)
    expect(text).toHaveBeenCalledTimes(times)
  })

  const leaking = `authorization: Bearer ${key} is not a legal header`

  test.each<[string, Fetch, string]>([
    ['rejects', () => Promise.reject(new Error(leaking)), 'UNKNOWN'],
    [
      'rejects with a code',
      () => Promise.reject(Object.assign(new Error(leaking), { code: 'ECONNRESET' })),
      'ECONNRESET',
    ],
    [
      'rejects with a cause',
      () =>
        Promise.reject(
          new TypeError(leaking, {
            cause: Object.assign(new Error(leaking), { code: 'UND_ERR_SOCKET' }),
          }),
        ),
      'UND_ERR_SOCKET',
    ],
    [
      'rejects with the key as code',
      () => Promise.reject(Object.assign(new Error(leaking), { code: key })),
      'UNKNOWN',
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['rejects with a string', () => Promise.reject(leaking), 'UNKNOWN'],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['rejects with undefined', () => Promise.reject(), 'UNKNOWN'],
    [
      'fails while the body is read',
      () => Promise.resolve(response('', { text: () => Promise.reject(new Error(leaking)) })),
      'UNKNOWN',
    ],
  ])('that %s counts as unreachable, without showing its message', async (_, fetch, code) => {
    const result = await ask(url, { fetch })
    expect(isRight(result) ? result.right.body : result).toEqual(left(unreachable(code)))
    expect(shown(result)).not.toContain(key)
  })

  test.each([
    ['before the answer', (error: Error) => Promise.reject<FetchResponse>(error)],
    [
      'while the body is read',
      (error: Error) =>
        Promise.resolve(response('', { text: () => Promise.reject<string>(error) })),
    ],
  ])('that rejects %s with a key in its code hides the key', async (_, fails) => {
    const loud = 'SK_LIVE_4711_0815'
    const error = Object.assign(new Error(), { code: `E_${loud}` })
    const result = await ask(url, { fetch: () => fails(error), apiKey: () => loud })
    expect(isRight(result) ? result.right.body : result).toEqual(left(unreachable('E_[key]')))
  })

  test.each<[string, Partial<FetchResponse>, ApiKey, number]>([
    ['a 401', { status: 401 }, () => key, 1],
    ['a 401 without a key', { status: 401 }, () => null, 0],
    ['a 401 with a page', { status: 401, text: () => Promise.resolve('<html>') }, () => key, 0],
    ['a 200', {}, () => key, 0],
    ['a 403', { status: 403 }, () => key, 0],
    ['a 404', { status: 404 }, () => key, 0],
  ])(
    'that answers %s has its key checked again only if it was refused',
    async (_, part, apiKey, times) => {
      const recheck = jest.fn<RefusedKey['recheck']>((_key, answer) => Promise.resolve(answer))
      const refusedKey = { recheck, unlessRefused$: identity }
      await ask(url, { fetch: () => Promise.resolve(response('{}', part)), apiKey, refusedKey })
      expect(recheck).toHaveBeenCalledTimes(times)
    },
  )

  const bug = (): never => {
    throw new TypeError(leaking)
  }

  test.each<[string, Fetch]>([
    ['throws', bug],
    ['rejects with a TypeError', () => Promise.reject(new TypeError(leaking))],
    ['rejects with a ReferenceError', () => Promise.reject(new ReferenceError(leaking))],
    [
      'rejects because of a TypeError',
      () => Promise.reject(new TypeError('fetch failed', { cause: new TypeError(leaking) })),
    ],
    [
      'throws when the body is read',
      () => Promise.resolve(response('', { body: { getReader: bug } })),
    ],
    ['throws when the text is read', () => Promise.resolve(response('', { text: bug }))],
  ])('that %s causes a defect, without showing the key', async (_, fetch) => {
    const error: unknown = await ask(url, { fetch }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error)).toMatch(/(?:Type|Reference)Error: /)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
  })

  test('that refuses a header does not show its value', async () => {
    const headers = { 'x-tenant': 'secret-of-a-tenant' }
    const fetch: Fetch = (_, init) =>
      Promise.reject(new TypeError(`"${String(init.headers['x-tenant'])}" is not a legal value`))
    await expect(ask(url, { fetch, headers })).rejects.toThrow('"[header]" is not a legal value')
  })

  test('that resolves without a response causes a defect', async () => {
    const fetch = (() => Promise.resolve(undefined)) as unknown as Fetch
    await expect(ask(url, { fetch })).rejects.toThrow(
      new TypeError('the result of fetch must be a Response, not undefined'),
    )
  })

  test('that resolves with an incomplete response causes a defect', async () => {
    const stub = { ok: true, status: 200, json: () => Promise.resolve({ status: 'pending' }) }
    const fetch = (() => Promise.resolve(stub)) as unknown as Fetch
    await expect(ask(url, { fetch })).rejects.toThrow(
      new TypeError('the result of fetch must be a Response, not an object'),
    )
  })
})

describe('the key of a request', () => {
  test.each<[string, ApiKey, string]>([
    [
      'is missing',
      () => undefined,
      'is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY',
    ],
    ['has a line break', () => `${key}\r\nx-evil: 1`, 'must be visible ASCII without spaces'],
    ['has an umlaut', () => 'sk_ü', 'must be visible ASCII without spaces'],
    [
      'cannot be read',
      () => Promise.reject(new Error(key)),
      'could not be read: its function threw or rejected',
    ],
  ])('that %s is not sent, nor is the request', async (_, apiKey, why) => {
    const fetch = jest.fn<Fetch>()
    const result = await ask('https://api.example/', { fetch, apiKey })
    expect(result).toEqual(left(invalidRequest('apiKey', why)))
    expect(fetch).not.toHaveBeenCalled()
  })

  test('that never arrives times out, and nothing is sent', () => {
    const fetch = jest.fn<Fetch>()
    const ended = marbles(({ expectObservable }) => {
      const asked$ = request$('https://api.example/', {
        ...settings,
        fetch,
        apiKey: () => new Promise(noop),
        attemptTimeout: 1_000,
      })
      expectObservable(asked$).toBe('1s (a|)', { a: left(timedOut('apiKey', 1_000)) })
    })
    expect(ended).toBe(1_000)
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('the attempt timeout', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  const later = <A>(ms: number, value: A): Promise<A> =>
    new Promise(resolve => {
      setTimeout(() => {
        resolve(value)
      }, ms)
    })

  /** The time of the value if the phases take that long, and whether the request was aborted. */
  const time = async (apiKey: number, headers: number, body: number) => {
    const start = Date.now()
    let signal: AbortSignal | undefined
    const seen: { readonly at: number; readonly value: Result }[] = []
    const asking = request$('https://api.example/', {
      apiKey: () => later(apiKey, key),
      fetch: (_, init) => {
        signal = init.signal
        return later(headers, response('', { status: 503, text: () => later(body, '{}') }))
      },
      headers: {},
      attemptTimeout: 10_000,
    }).subscribe(value => seen.push({ at: Date.now() - start, value }))
    await jest.advanceTimersByTimeAsync(60_000)
    expect(asking.closed).toBe(true)
    expect(seen).toHaveLength(1)
    return { ...seen[0], aborted: signal?.aborted }
  }

  test('spans the key, the head and the body', async () => {
    expect(await time(3_000, 3_000, 3_000)).toMatchObject({ at: 9_000, value: right({}) })
    expect(jest.getTimerCount()).toBe(0)
  })

  test.each([
    ['key', 11_000, 0, 0, left(timedOut('apiKey', 10_000)), undefined],
    ['head', 6_000, 6_000, 0, left(timedOut('headers', 10_000)), true],
    [
      'body',
      4_000,
      4_000,
      4_000,
      right({ status: 503, body: left(timedOut('body', 10_000)) }),
      true,
    ],
  ] as const)(
    'expires during the %s, and later results are ignored',
    async (_, apiKey, headers, body, value, aborted) => {
      const seen = await time(apiKey, headers, body)
      expect(seen).toMatchObject({ at: 10_000, value })
      expect(seen.aborted).toBe(aborted)
      expect(jest.getTimerCount()).toBe(0)
    },
  )
})

test('several requests of the Node platform share one connection', async () => {
  const server = await wire(whole(200, '{}', {}, keptFramings))
  // A path of its own: an earlier server may have had this port, and after a failure the next request for
  // the same URL opens a new connection.
  const url = `${server.url}/shared`
  for (const status of [200, 200, 200, 200]) expect(answerOf(await ask(url)).status).toBe(status)
  expect([server.requests.length, server.connections()]).toEqual([4, 1])
})

test('no fault leaves an unhandled rejection or keeps the process alive', async () => {
  const replies = [
    ...Object.values(beforeTheHead),
    ...[200, 302, 429, 503].flatMap(status =>
      Object.values(inTheBody).map(replyOf => replyOf(status)),
    ),
    whole(200, '{}'),
    whole(302, '', { location: 'https://login.example/' }),
  ]
  const servers = await Promise.all(replies.map(wire))
  const { outputFiles } = await build({
    entryPoints: ['test/runtime/exitProgram.ts'],
    alias: { '#platform': './src/platform/node.ts' },
    bundle: true,
    // Bundled, it makes Node 22 and later print deprecations.
    external: ['cross-fetch'],
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  const child = spawn(process.execPath, ['-', ...servers.map(({ url }) => url)])
  const output: string[] = []
  let outputAt = NaN
  const listen = (piece: unknown): void => {
    output.push(String(piece))
    outputAt = performance.now()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.stdin.end(outputFiles[0]?.text)
  const exit: unknown = await once(child, 'exit')
  expect([exit, output.join('')]).toEqual([[0, null], `${String(servers.length * 4)} ended\n`])
  expect(performance.now() - outputAt).toBeLessThan(3_000)
  for (const server of servers) await server.gone()
}, 30_000)

test('an answer that contains < is not an HTML page', async () => {
  const fetch: Fetch = () => Promise.resolve(response('{"error":"no <b>"}'))
  const answer = answerOf(await ask('https://api.example/', { fetch }))
  expect(answer.body).toEqual(right({ error: 'no <b>' }))
})
