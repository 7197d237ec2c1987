import { EventEmitter, once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { brotliCompressSync, createBrotliDecompress, gzipSync } from 'node:zlib'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { lastValueFrom } from 'rxjs'
import { rejected, unreachable, type Failure } from '../../src/failure/failure'
import type { Fetch } from '../../src/http/fetch'
import { request$ } from '../../src/http/request'
import node from '../../src/platform/node'
import { fetches } from '../fetches'
import { keptFramings } from '../http/framing'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { openSecure } from './secureServer'
import { selfSigned } from './selfSigned'
import { isTransient } from '../../src/failure/match'

const ask = (url: string, fetch: Fetch) =>
  lastValueFrom(request$(url, { fetch, apiKey: () => 'key', headers: {}, attemptTimeout: 4_000 }))

describe('the fetch of Node', () => {
  test('is cross-fetch, which a patch of the global fetch does not change', async () => {
    const own = globalThis.fetch
    globalThis.fetch = () => Promise.reject(new Error('patched'))
    try {
      const server = await wire(whole(200, '{}'))
      expect(await ask(server.url, node.fetch)).toMatchObject(right({ status: 200 }))
      expect(server.requests[0]).toMatch(/^Accept-Encoding: gzip,deflate\r?$/m)
    } finally {
      globalThis.fetch = own
    }
  })

  test.each(keptFramings)('keeps a connection for the next request: %s', async framing => {
    const server = await wire(whole(200, '{}', {}, [framing]))
    await ask(server.url, node.fetch)
    expect(server.requests[0]).toMatch(/^connection: keep-alive$/im)
    await ask(server.url, node.fetch)
    expect([server.requests.length, server.connections()]).toEqual([2, 1])
  })

  test.each(keptFramings)('keeps a connection after an answer in gzip, too: %s', async framing => {
    const server = await wire(whole(200, gzipSync('{}'), { 'content-encoding': 'gzip' }, [framing]))
    for (const nth of [1, 2, 3, 4]) {
      expect(await ask(server.url, node.fetch)).toMatchObject(right({ status: 200 }))
      expect([server.requests.length, server.connections()]).toEqual([nth, 1])
    }
  })
})

describe('an abortable request of Node', () => {
  const url = 'https://api.example/'
  const headers = { accept: 'application/json' }
  const given = { method: 'GET', headers, redirect: 'manual', cache: 'no-store' }

  test.each<[string, Fetch]>([
    ['cross-fetch', node.fetch],
    ['any other fetch', globalThis.fetch],
  ])('by %s has a signal that conforms to the standard', (_, fetch) => {
    const { init, abort } = node.abortable(headers, fetch, url)
    expect({ ...init }).toMatchObject({ ...given, signal: init.signal })
    const { signal } = init
    const listener = jest.fn()
    const gone = jest.fn()
    const object = { handleEvent: jest.fn() }
    signal.addEventListener('abort', listener)
    signal.addEventListener('abort', object)
    signal.addEventListener('abort', gone)
    signal.removeEventListener('abort', gone)
    signal.throwIfAborted()
    expect([signal.aborted, signal.reason]).toEqual([false, undefined])
    abort()
    expect(signal.aborted).toBe(true)
    expect(() => {
      signal.throwIfAborted()
    }).toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(listener).toHaveBeenCalledTimes(1)
    expect(listener).toHaveBeenCalledWith(expect.objectContaining({ type: 'abort' }))
    expect(object.handleEvent).toHaveBeenCalledTimes(1)
    expect(gone).not.toHaveBeenCalled()
  })

  test('has a light signal for cross-fetch, and a real AbortSignal for any other fetch', () => {
    const light = node.abortable(headers, node.fetch, url).init.signal
    expect(light.constructor.name).toBe('AbortSignal')
    expect(light).not.toBeInstanceOf(AbortSignal)
    expect(node.abortable(headers, globalThis.fetch, url).init.signal).toBeInstanceOf(AbortSignal)
  })

  test('may be aborted before its signal is read', () => {
    const { init, abort } = node.abortable(headers, globalThis.fetch, url)
    abort()
    expect(init.signal.aborted).toBe(true)
  })
})

describe('the key of Node', () => {
  const name = 'ONLYFANSAPI_API_KEY'
  const before = process.env[name]

  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before
  })

  test('is the current value of the variable ONLYFANSAPI_API_KEY', () => {
    process.env[name] = 'first'
    expect(node.apiKey()).toBe('first')
    process.env[name] = 'second'
    expect(node.apiKey()).toBe('second')
    Reflect.deleteProperty(process.env, name)
    expect(node.apiKey()).toBeUndefined()
  })
})

test('Node has no activity$', () => {
  expect(node.activity$).toBeUndefined()
})

describe('the reader of Node', () => {
  const textOf = async (body: unknown): Promise<string | null> => {
    const read = node.readerOf(body)
    if (read === null) return null
    let text = ''
    for (;;) {
      const { value } = await read()
      if (value === undefined) return text
      text += Buffer.from(value).toString()
    }
  }

  test('reads the stream of cross-fetch', async () => {
    expect(await textOf(Readable.from([Buffer.from('ab'), Buffer.from('c')]))).toBe('abc')
  })

  test("reads the stream of Node's own fetch", async () => {
    expect(await textOf(new Response('abc').body)).toBe('abc')
  })

  test('waits for later chunks of a stream, and returns its end repeatedly', async () => {
    const body = new PassThrough()
    const read = node.readerOf(body)
    const first = read?.()
    body.write('ab')
    expect((await first)?.value).toEqual(Buffer.from('ab'))
    body.end('c')
    expect((await read?.())?.value).toEqual(Buffer.from('c'))
    expect(await read?.()).toEqual({ done: true })
    expect(await read?.()).toEqual({ done: true })
  })

  test('rejects with the error of the stream, before, during and after reading', async () => {
    const body = new PassThrough()
    const read = node.readerOf(body)
    const reading = read?.()
    body.destroy(new Error('reset'))
    await expect(reading).rejects.toThrow('reset')
    await expect(read?.()).rejects.toThrow('reset')
    await expect(node.readerOf(body)?.()).rejects.toThrow('reset')
  })

  test('rejects if the stream was closed before its end', async () => {
    const body = new PassThrough()
    const reading = node.readerOf(body)?.()
    body.destroy()
    const early = { code: 'ERR_STREAM_PREMATURE_CLOSE' }
    await expect(reading).rejects.toMatchObject(early)
    await expect(node.readerOf(body)?.()).rejects.toMatchObject(early)
  })

  test('stops decompressing a body when its request is aborted', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(8 * 1024 * 1024))
    const body = Readable.from([bomb]).pipe(createBrotliDecompress())
    let bytes = 0
    body.on('data', (some: Uint8Array) => (bytes += some.byteLength))
    const read = node.readerOf(body)
    await read?.()
    // This is all that node-fetch does to the body when it is aborted.
    body.emit('error', new Error('aborted'))
    await once(body, 'close')
    expect(bytes).toBeLessThan(1024 * 1024)
  })

  test('reads any emitter of data and end events', async () => {
    const body = new EventEmitter()
    const read = node.readerOf(body)
    body.emit('data', Buffer.from('ab'))
    body.emit('end')
    expect((await read?.())?.value).toEqual(Buffer.from('ab'))
    expect(await read?.()).toEqual({ done: true })
    const broken = new EventEmitter()
    const reading = node.readerOf(broken)?.()
    broken.emit('error', new Error('reset'))
    await expect(reading).rejects.toThrow('reset')
  })

  test('leaves no unhandled rejection if the stream is not read', async () => {
    const body = new PassThrough()
    node.readerOf(body)
    body.destroy(new Error('reset'))
    await once(body, 'close').catch(() => undefined)
  })

  test.each([
    ['null', null],
    ['undefined', undefined],
    ['a string', 'text'],
    ['an object', { text: () => 'text' }],
  ])('returns null for %s', (_, body) => {
    expect(node.readerOf(body)).toBeNull()
  })
})

const failureOf = (error: unknown, url = 'https://api.example/'): Failure => {
  const failure = node.failureOf(error, url)
  if (failure === null) throw new Error('a bug')
  return failure
}

describe('the failure of a lost connection in Node', () => {
  const coded = (code: unknown, message = 'lost'): Error =>
    Object.assign(new Error(message), { code })

  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EAI_AGAIN',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
    'EPROTO',
    'HPE_HEADER_OVERFLOW',
    'HPE_INVALID_CHUNK_SIZE',
    'UND_ERR_SOCKET',
    'Z_DATA_ERROR',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_TLS_HANDSHAKE_TIMEOUT',
    'ERR_INVALID_CALLBACK',
    'E2BIG',
  ])('has the code %s and is transient', code => {
    expect(failureOf(coded(code))).toEqual(unreachable(code))
    expect(isTransient(failureOf(coded(code)))).toBe(true)
  })

  test.each([
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REVOKED',
    'CERT_REJECTED',
    'CERT_UNTRUSTED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_CHAIN_TOO_LONG',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERROR_IN_CERT_NOT_AFTER_FIELD',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('has the certificate code %s and is permanent', code => {
    expect(failureOf(coded(code))).toEqual(unreachable(code, true))
    expect(isTransient(failureOf(coded(code)))).toBe(false)
  })

  test('has the code of a cause at any depth', () => {
    const cause = new Error('reading', { cause: coded('ECONNRESET') })
    expect(failureOf(new TypeError('fetch failed', { cause }))).toEqual(unreachable('ECONNRESET'))
  })

  test('has the outermost valid code', () => {
    const cause = coded('ECONNRESET')
    const wrapped = Object.assign(new Error('lost', { cause }), { code: 'UND_ERR_SOCKET' })
    const odd = Object.assign(new Error('lost', { cause }), { code: 42 })
    expect(failureOf(wrapped)).toEqual(unreachable('UND_ERR_SOCKET'))
    expect(failureOf(odd)).toEqual(unreachable('ECONNRESET'))
  })

  test("names the HTTP parser if its error has no code, as in Node 24's own fetch", () => {
    const cause = Object.assign(new Error(), { name: 'HTTPParserError', code: undefined })
    expect(failureOf(new TypeError('terminated', { cause }))).toEqual(unreachable('HPE_UNKNOWN'))
    const named = Object.assign(cause, { code: 'HPE_INVALID_CHUNK_SIZE' })
    expect(failureOf(named)).toEqual(unreachable('HPE_INVALID_CHUNK_SIZE'))
  })

  test.each<[string, unknown]>([
    ['an error without a code', new Error('authorization: Bearer sk_1')],
    ['a string', 'authorization: Bearer sk_1'],
    ['undefined', undefined],
    ['null', null],
    ['a code that is a sentence', coded('authorization: Bearer sk_1')],
    ['a code in lower case', coded('sk_1')],
    ['a code partly in lower case', coded('ELIVEsk_1')],
    ['a code that is empty', coded('')],
    ['a code that is too long', coded('E'.repeat(65))],
    ['a code of two lines', coded('ECONNRESET\nBearer sk_1')],
    ['a code that is a number', coded(20)],
  ])('is UNKNOWN for %s', (_, error) => {
    expect(failureOf(error)).toEqual(unreachable('UNKNOWN'))
  })

  test('is UNKNOWN for circular causes and circular lists of errors', () => {
    const error = new Error('lost')
    error.cause = new Error('again', { cause: error })
    const all = new AggregateError([])
    all.errors.push(all)
    for (const each of [error, all]) expect(failureOf(each)).toEqual(unreachable('UNKNOWN'))
  })
})

describe('a connection to several addresses', () => {
  const tried = (...codes: readonly (string | undefined)[]): Error =>
    Object.assign(new AggregateError(codes.map(code => Object.assign(new Error(), { code }))), {
      code: codes[0],
    })

  test.each([
    [['ECONNREFUSED', 'ETIMEDOUT'], 'ECONNREFUSED'],
    [['EADDRNOTAVAIL', 'ECONNREFUSED'], 'ECONNREFUSED'],
    [['EADDRNOTAVAIL', 'EADDRNOTAVAIL'], 'EADDRNOTAVAIL'],
    [[undefined, 'ECONNREFUSED'], 'ECONNREFUSED'],
    [[], 'UNKNOWN'],
  ])('that fails with %j reports %s: a code of the server has precedence', (codes, code) => {
    expect(failureOf(tried(...codes))).toEqual(unreachable(code))
    expect(failureOf(new TypeError('fetch failed', { cause: tried(...codes) }))).toEqual(
      unreachable(code),
    )
  })

  test('reports the code of the AggregateError if no address has a code', () => {
    const error = Object.assign(new AggregateError([new Error()]), { code: 'ETIMEDOUT' })
    expect(failureOf(error)).toEqual(unreachable('ETIMEDOUT'))
  })
})

describe('a bug is distinguished from a lost connection', () => {
  const caused = (cause: unknown): Error => new TypeError('fetch failed', { cause })

  test.each<[string, unknown]>([
    ['a TypeError', new TypeError('x is not a function')],
    ['a TypeError with an unknown message', new TypeError('x')],
    ['a TypeError that only mentions the network', new TypeError('no Network is a function')],
    [
      'a TypeError with a code of Node',
      Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
    ],
    [
      'a TypeError caused by a TypeError',
      caused(new TypeError('agent.dispatch is not a function')),
    ],
    [
      'a TypeError for an invalid URL',
      caused(Object.assign(new TypeError(), { code: 'ERR_INVALID_URL' })),
    ],
    ['a ReferenceError', new ReferenceError('x is not defined')],
  ])('%s is a bug', (_, error) => {
    expect(node.failureOf(error, 'https://api.example/')).toBeNull()
  })

  test.each<[string, unknown]>([
    ['a TypeError caused by an error', caused(new Error('bad port'))],
    [
      'a TypeError with a code of the system',
      Object.assign(new TypeError('x'), { code: 'ECONNRESET' }),
    ],
    ["Chromium's message", new TypeError('Failed to fetch')],
    ["Firefox's message", new TypeError('NetworkError when attempting to fetch resource.')],
    ["Safari's message", new TypeError('Load failed')],
    ["React Native's message", new TypeError('Network request failed')],
    ['an error', new Error('x is not a function')],
    ['an AbortError', new DOMException('x', 'AbortError')],
  ])('%s is a lost connection', (_, error) => {
    expect(failureOf(error)._tag).toBe('Unreachable')
  })

  describe.each(['deno', 'bun'])('in %s', runtime => {
    const own = Object.getOwnPropertyDescriptor(process, 'versions') ?? {}

    beforeEach(() => {
      const value = { ...process.versions, [runtime]: '1.0.0' }
      Object.defineProperty(process, 'versions', { ...own, value })
    })

    afterEach(() => {
      Object.defineProperty(process, 'versions', own)
    })

    const coded = (message: string, code: string): TypeError =>
      Object.assign(new TypeError(message), { code })

    test.each<[string, TypeError]>([
      ['a message about the network', new TypeError('client error (Connect)')],
      ['a code of the system', coded('ECONNREFUSED: Unable to connect', 'ECONNREFUSED')],
      ['a code of TLS', coded('fetching', 'ERR_TLS_CERT_ALTNAME_INVALID')],
      ['a code of the runtime', coded('Malformed_HTTP_Response', 'Malformed_HTTP_Response')],
    ])('a TypeError with %s is a lost connection', (_, error) => {
      expect(failureOf(error)._tag).toBe('Unreachable')
    })

    test.each<[string, TypeError]>([
      ['a message about a wrong call', new TypeError('x is not a function')],
      ['a code of a wrong argument', coded('signal is not one', 'ERR_INVALID_ARG_TYPE')],
      ['a code of an invalid URL', coded('fetch() URL is invalid', 'ERR_INVALID_URL')],
    ])('a TypeError with %s is a bug', (_, error) => {
      expect(node.failureOf(error, '')).toBeNull()
    })
  })
})

test('a failed fetch with an empty cause is a 407 that the fetch hides', () => {
  expect(failureOf(new TypeError('fetch failed', { cause: new Error() }))).toEqual(rejected(407))
  for (const member of [{ code: 'ECONNRESET' }, { cause: new Error('bad port') }]) {
    const cause = Object.assign(new Error(), member)
    expect(failureOf(new TypeError('fetch failed', { cause }))._tag).toBe('Unreachable')
  }
})

describe('a certificate error at a host that answered before', () => {
  const answered = (url: string): void => {
    node.abortable({}, node.fetch, url).answered?.(url, new Response())
  }

  const expired = Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' })

  test('is transient, but permanent at any other host or port', () => {
    answered('https://known.example/status?x')
    expect(failureOf(expired, 'https://known.example/other')).toEqual(
      unreachable('CERT_HAS_EXPIRED'),
    )
    for (const other of ['known.example:8443', 'known.example.org', 'example'])
      expect(failureOf(expired, `https://${other}/`)).toEqual(unreachable('CERT_HAS_EXPIRED', true))
  })

  test('is permanent if the answer was over plain HTTP', () => {
    answered('http://plain.example/?to=https://named.example/')
    for (const url of ['https://plain.example/', 'https://named.example/', 'http://plain.example/'])
      expect(failureOf(expired, url)).toEqual(unreachable('CERT_HAS_EXPIRED', true))
  })
})

describe('a certificate that is not accepted', () => {
  test.each(fetches)('is a permanent failure by %s', async (_, fetch) => {
    const { url } = await openSecure(selfSigned('localhost'))
    const asked = await ask(url, fetch)
    expect(asked).toEqual(left(unreachable('DEPTH_ZERO_SELF_SIGNED_CERT', true)))
  })

  test.each([
    ['has expired', 'localhost', { from: -2, to: -1 }, 'CERT_HAS_EXPIRED'],
    ['is not valid yet', 'localhost', { from: 1, to: 2 }, 'CERT_NOT_YET_VALID'],
    ['is for another name', 'other.example', {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('because it %s is recognized by its code', async (_, name, validity, code) => {
    const identity = selfSigned(name, validity)
    const { port } = await openSecure(identity)
    // Trusted, so that it has no other fault.
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: identity.cert })
    const [error] = (await once(socket, 'error').catch((thrown: unknown) => [thrown])) as [Error]
    expect(failureOf(error)).toEqual(unreachable(code, true))
  })
})
