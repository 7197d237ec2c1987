import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { again, bytes, end, head, reset, type Reply } from './rawServer'

const body = '{"status":"processing","prefixed_id":"ofapi_media_1"}'

/** A head that announces the whole body, by its length or as chunked. */
const promising = (status = 200): string => head(status, { 'content-length': String(body.length) })
const chunked = (status = 200, headers: Readonly<Record<string, string>> = {}): string =>
  head(status, { ...headers, 'transfer-encoding': 'chunked' })

/** About a thousand bytes that decompress to a million zeros. */
const megabyte = gzipSync(Buffer.alloc(1024 * 1024))

/** A compressed answer whose head announces more than arrives. */
const compressed = (status: number, encoding: string, body: Uint8Array): Reply =>
  bytes(
    Buffer.concat([
      Buffer.from(head(status, { 'content-encoding': encoding, 'content-length': '1000000' })),
      body,
    ]),
  )

/** A body of 300 kB that decompresses to 300 MB and does not end. */
export const bomb = (status: number): Reply =>
  compressed(status, 'gzip', Buffer.concat(Array<Buffer>(300).fill(megabyte)))

/** The same in a few hundred bytes of brotli. */
export const brotliBomb = (status: number): Reply =>
  compressed(
    status,
    'br',
    brotliCompressSync(Buffer.alloc(300 * 1024 * 1024), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    }),
  )

/** Faults of an answer before its headers arrive. */
export const beforeTheHead = {
  'closes immediately': end,
  'resets immediately': socket => socket.resetAndDestroy(),
  'closes in the head': bytes('HTTP/1.1 200 OK\r\ncontent-le', end),
  'resets in the head': bytes('HTTP/1.1 200 OK\r\ncontent-le', reset),
  'does not speak HTTP': bytes('220 smtp.example ESMTP\r\n', end),
  'has a head that is too large': bytes(`${head(200, { 'x-large': 'x'.repeat(300_000) })}{}`),
  'is silent': () => undefined,
  'is silent in the head': bytes('HTTP/1.1 200 OK\r\ncontent-le'),
  'has a head that comes a byte at a time': again('HTTP/1.1 200 OK\r\nx-slow: ', 'x', 5),
  'switches protocols': bytes(head(101, { connection: 'upgrade', upgrade: 'other' })),
  'continues forever': again('', head(100), 2),
} satisfies Readonly<Record<string, Reply>>

/** Faults in the body of an answer with this status. */
export const inTheBody = {
  'is cut': status => bytes(promising(status) + body.slice(0, 20), end),
  'is reset': status => bytes(promising(status) + body.slice(0, 20), reset),
  'is cut between its chunks': status =>
    bytes(`${chunked(status)}14\r\n${body.slice(0, 20)}\r\n`, end),
  'has a malformed chunk': status => bytes(`${chunked(status)}ZZ\r\n${body}\r\n0\r\n\r\n`),
  'is not gzip': status =>
    bytes(
      `${head(status, { 'content-encoding': 'gzip', 'content-length': '9999' })}no gzip at all`,
    ),
  'never comes': status => bytes(promising(status)),
  'stops half-way': status => bytes(promising(status) + body.slice(0, 20)),
  'comes a byte at a time': status => again(head(status, { 'content-length': '9999' }), ' ', 5),
  'is a gzip bomb': bomb,
} satisfies Readonly<Record<string, (status: number) => Reply>>
