import type { Failure } from '../../src/failure/failure'
import type { WatchOptions } from '../../src/options'
import type { FetchResponse } from '../../src/http/fetch'
import { ref } from '../answers'
import { bytes, end, head, reset, whole, type Reply } from '../http/rawServer'

/** A way in which a key could leak. */
export interface Path {
  /** The reply of the server, or none if no request is sent. */
  readonly reply?: Reply
  readonly options?: WatchOptions
  /** The end of the watch, which proves that it took this path. */
  readonly end: Failure['_tag'] | 'completed' | 'failed'
}

const { upload } = ref

const json = (status: number, body: unknown, headers?: Readonly<Record<string, string>>): Reply =>
  whole(status, JSON.stringify(body), headers)

/** Every letter as JSON may write it. */
const escaped = (text: string): string =>
  Array.from(text, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** JSON of a server that repeats the key. */
const jsonWith = (key: string): Readonly<Record<string, unknown>> => ({
  error: `no such key: ${key}`,
  code: key,
  message: { [key]: key, list: [key, [key]], deep: { [`x-${key}-y`]: { key } } },
  url: `https://x.example/?key=${encodeURIComponent(key)}#${key}`,
  log: JSON.stringify({ authorization: `Bearer ${key}` }),
  _meta: { _rate_limits: { limit_minute: key, remaining_minute: key } },
})

/** All headers that the library reads, and others. */
const headers = (key: string): Readonly<Record<string, string>> => ({
  'retry-after': key,
  date: key,
  'ratelimit-limit': key,
  'x-ratelimit-remaining': key,
  'set-cookie': `key=${key}`,
  'x-echo': `Bearer ${key}`,
  'content-type': `application/json; key=${key}`,
})

const completed = (key: string): unknown => ({
  ...jsonWith(key),
  status: 'completed',
  prefixed_id: upload,
  media: { id: 7, type: key, additional: { key }, [key]: key, ...jsonWith(key) },
})

/** Answers of a server that repeat the key. */
const answers: Readonly<Record<string, (key: string) => Path>> = {
  'a status': key => ({ end: 'completed', reply: json(200, completed(key), headers(key)) }),
  'a status with every letter escaped': key => ({
    end: 'failed',
    reply: whole(
      200,
      `{"status":"failed","prefixed_id":"${upload}","error":"${escaped(key)}","${escaped(key)}":1}`,
    ),
  }),
  'the error of an upload': key => ({
    end: 'failed',
    reply: json(200, { status: 'failed', prefixed_id: upload, error: key }),
  }),
  'a status that is the key': key => ({
    end: 'Malformed',
    reply: json(200, { ...jsonWith(key), status: key, prefixed_id: upload }),
  }),
  'an id that is the key': key => ({
    end: 'Malformed',
    reply: json(200, { status: 'pending', prefixed_id: key }),
  }),
  'media that are the key': key => ({
    end: 'completed',
    reply: json(200, { status: 'completed', prefixed_id: upload, media: { id: key } }),
  }),
  'a body that is only the key': key => ({ end: 'Malformed', reply: json(200, key) }),
  'a list of keys': key => ({ end: 'Malformed', reply: json(200, [key, { [key]: key }]) }),
  'a body that is not JSON': key => ({ end: 'Malformed', reply: whole(200, `key: ${key}`) }),
  'JSON that ends within the key': key => ({
    end: 'Malformed',
    reply: whole(200, `{"error":"${key.slice(0, 16)}`),
  }),
  'JSON that is nested too deeply': key => ({
    end: 'Malformed',
    reply: whole(200, `${'['.repeat(99)}${JSON.stringify(key)}${']'.repeat(99)}`),
  }),
  'a body that is too large': key => ({
    end: 'Malformed',
    reply: whole(200, `"${key}`.repeat(20_000)),
  }),
  'a success other than 200': key => ({
    end: 'Malformed',
    reply: json(202, jsonWith(key), headers(key)),
  }),
  'an HTML page': key => ({ end: 'Unavailable', reply: whole(200, `<p>${key}`) }),
  'an error of the server': key => ({
    end: 'Unavailable',
    reply: json(503, jsonWith(key), headers(key)),
  }),
  'a reason phrase with the key': key => ({
    end: 'Rejected',
    reply: bytes(`HTTP/1.1 403 Bad key ${key}\r\ncontent-length: 2\r\n\r\n{}`),
  }),
  'a refusal': key => ({ end: 'Rejected', reply: json(403, jsonWith(key), headers(key)) }),
  'a refusal that is truncated within the key': key => ({
    end: 'Rejected',
    reply: json(404, { error: `${'x'.repeat(290)}${key}` }),
  }),
  'a redirect to a host': key => ({
    end: 'Rejected',
    reply: whole(302, '', { location: `https://${key}.evil.example/` }),
  }),
  'a redirect to a path': key => ({
    end: 'Rejected',
    reply: whole(307, key, { location: `https://evil.example/${key}?${key}` }),
  }),
  'a redirect to a user': key => ({
    end: 'Rejected',
    reply: whole(303, '', { location: `https://${key}:${key}@evil.example/` }),
  }),
  'a limit': key => ({
    end: 'Throttled',
    reply: json(429, jsonWith(key), { ...headers(key), 'retry-after': '9999' }),
    options: { deadline: 5_000 },
  }),
  'an answer that is not HTTP': key => ({
    end: 'Unreachable',
    reply: bytes(`${key}\r\n\r\n`, end),
  }),
  'an invalid header': key => ({
    end: 'Unreachable',
    reply: bytes(`HTTP/1.1 200 OK\r\n${key}\r\n\r\n`, end),
  }),
  'headers that are too large': key => ({
    end: 'Unreachable',
    reply: bytes(`${head(200, { 'x-large': key.repeat(20_000) })}{}`, end),
  }),
  'an invalid chunk': key => ({
    end: 'Unreachable',
    reply: bytes(`${head(200, { 'transfer-encoding': 'chunked' })}${key}\r\n${key}\r\n`, end),
  }),
  'a body that is not gzip': key => ({
    end: 'Unreachable',
    reply: bytes(
      `${head(200, { 'content-encoding': 'gzip', 'content-length': '9999' })}${key.repeat(9)}`,
    ),
  }),
  'a body that is reset': key => ({
    end: 'Unreachable',
    reply: bytes(`${head(200, { 'content-length': '999' })}{"${key}":"${key}`, reset),
  }),
  'a body that stalls': key => ({
    end: 'TimedOut',
    reply: bytes(`${head(200, { 'content-length': '999' })}{"${key}":"${key}`),
    options: { attemptTimeout: 60 },
  }),
  'headers that stall': key => ({
    end: 'TimedOut',
    reply: bytes(`HTTP/1.1 200 ${key}\r\nx-echo: ${key}`),
    options: { attemptTimeout: 60 },
  }),
  'only pending until the deadline': key => ({
    end: 'Expired',
    reply: json(200, { ...jsonWith(key), status: 'pending', prefixed_id: upload }, headers(key)),
    options: { deadline: 60 },
  }),
  'no answer before it is cancelled': () => ({
    end: 'Cancelled',
    reply: () => undefined,
    options: { signal: AbortSignal.timeout(60) },
  }),
}

const response = (parts: Partial<FetchResponse>): Promise<FetchResponse> =>
  Promise.resolve({
    status: 200,
    headers: { get: () => null },
    text: () => Promise.resolve('{}'),
    ...parts,
  })

/** An error of a fetch that contains the key everywhere, as for an invalid header. */
const loud = (key: string): Error =>
  Object.assign(
    new TypeError(`Headers.append: "Bearer ${key}" is an invalid header value.`, {
      cause: Object.assign(new Error(key), { code: key }),
    }),
    { code: key, headers: { authorization: `Bearer ${key}` }, [key]: key },
  )

/** Errors of a fetch, or of the function that returns the key, that contain the key. */
const throwing: Readonly<Record<string, (key: string) => Path>> = {
  'a fetch that rejects': key => ({
    end: 'Unreachable',
    options: { fetch: () => Promise.reject(loud(key)) },
  }),
  'a fetch that throws': key => ({
    end: 'Unreachable',
    options: {
      fetch: () => {
        throw loud(key)
      },
    },
  }),
  'a fetch that rejects with a string': key => ({
    end: 'Unreachable',
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- some fetches do
    options: { fetch: () => Promise.reject(key) },
  }),
  'a fetch whose error code is the key': key => ({
    end: 'Unreachable',
    options: {
      apiKey: key.toUpperCase().replace(/\W/g, '_'),
      fetch: () =>
        Promise.reject(
          Object.assign(new Error('x'), { code: key.toUpperCase().replace(/\W/g, '_') }),
        ),
    },
  }),
  'a body that rejects': key => ({
    end: 'Unreachable',
    options: { fetch: () => response({ text: () => Promise.reject(loud(key)) }) },
  }),
  'a body that throws': key => ({
    end: 'Unreachable',
    options: {
      fetch: () =>
        response({
          body: {
            getReader: () => ({
              read: () => {
                throw loud(key)
              },
            }),
          },
        }),
    },
  }),
  'a key with a line break': key => ({
    end: 'InvalidRequest',
    options: { apiKey: `${key}\r\nx: y` },
  }),
  'a key with a space': key => ({ end: 'InvalidRequest', options: { apiKey: `${key} ` } }),
  'a key with a letter beyond ASCII': key => ({
    end: 'InvalidRequest',
    options: { apiKey: `${key}é` },
  }),
  'an apiKey function that throws': key => ({
    end: 'InvalidRequest',
    options: {
      apiKey: () => {
        throw loud(key)
      },
    },
  }),
  'an apiKey promise that rejects': key => ({
    end: 'InvalidRequest',
    options: { apiKey: () => Promise.reject(loud(key)) },
  }),
  'a base URL with the key': key => ({
    end: 'InvalidRequest',
    options: { baseUrl: `https://user:${key}@api.example` },
  }),
  'a base URL that is the key': key => ({ end: 'InvalidRequest', options: { baseUrl: key } }),
}

/** Every path, by its name. */
export const paths = { ...answers, ...throwing }

/** Every kind of failure. The types require all of them. */
export const kinds: { readonly [Tag in Failure['_tag']]: true } = {
  InvalidRequest: true,
  Unreachable: true,
  TimedOut: true,
  Throttled: true,
  Unavailable: true,
  Rejected: true,
  Malformed: true,
  Expired: true,
  Cancelled: true,
}
