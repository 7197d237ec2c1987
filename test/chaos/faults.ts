import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { UploadStatus } from 'rx-upload-status'
import { statusBody } from './body'
import { piece, type Delivery } from './delivery'
import { pick, type Draw } from './draw'
import { answered, head } from './framing'

/** A request, and the healthy answer to it. */
export interface Question {
  readonly upload: string
  readonly status: UploadStatus['status']
  readonly serial: number
  readonly draw: Draw
}

type Fault = (question: Question) => Delivery

const bytes = (text: string | Buffer, then: Delivery['then']): Delivery => ({
  pieces: [piece(text)],
  then,
})

/** The complete answer as text, and a head that announces it. */
const bodyOf = ({ upload, status, serial, draw }: Question): string =>
  statusBody(upload, status, serial, draw)

/** An incomplete part of a body. */
const part = (text: string, draw: Draw): string =>
  text.slice(0, 1 + Math.floor(draw('part') * (text.length - 2)))

const promising = (length: number): string => head(200, { 'content-length': String(length) })

const chunkedHead = head(200, { 'transfer-encoding': 'chunked' })

/** A part of the answer, after a head that announces more. */
const cut =
  (then: Delivery['then']): Fault =>
  question => {
    const text = bodyOf(question)
    const some = part(text, question.draw)
    const size = Buffer.byteLength(some).toString(16)
    return pick(question.draw, 'cut', [
      { pieces: [piece(promising(Buffer.byteLength(text))), piece(Buffer.from(some), 2)], then },
      { pieces: [piece(chunkedHead), piece(Buffer.from(`${size}\r\n${some}\r\n`), 2)], then },
      { pieces: [piece(chunkedHead), piece(`ffff\r\n${part(some, question.draw)}`, 2)], then },
    ])
  }

const error =
  (status: number, body = '{"error":"Trouble."}', headers: Record<string, string> = {}): Fault =>
  ({ draw }) =>
    answered(status, headers, body, draw)

const page = '<!DOCTYPE html><html><title>Bad gateway</title><body>cloudflare</body></html>'

const said =
  (text: (question: Question) => string): Fault =>
  question =>
    answered(200, {}, text(question), question.draw)

const bodyless =
  (status: number): Fault =>
  () =>
    bytes(head(status, status === 204 || status === 304 ? {} : { 'content-length': '0' }), 'keep')

/** 300 kB that decompress to 300 MB, in a body that does not end there. */
const gzipBomb = Buffer.concat(Array<Buffer>(30).fill(gzipSync(Buffer.alloc(1024 * 1024))))
const brotliBomb = brotliCompressSync(Buffer.alloc(30 * 1024 * 1024), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
})

const compressed = (encoding: string, body: Buffer): Delivery => ({
  pieces: [
    piece(head(200, { 'content-encoding': encoding, 'content-length': '1000000' })),
    piece(body),
  ],
  then: 'hold',
})

const retryAfterDate = (): string => new Date(Date.now() + 1_000).toUTCString()

/** Every fault that may damage an answer. */
export const faults = {
  'closes without an answer': () => ({ pieces: [], then: 'end' }),
  'resets without an answer': () => ({ pieces: [], then: 'reset' }),
  'closes in the head': () => bytes('HTTP/1.1 200 OK\r\ncontent-le', 'end'),
  'resets in the head': () => bytes('HTTP/1.1 200 OK\r\ncontent-le', 'reset'),
  'closes in the body': cut('end'),
  'resets in the body': cut('reset'),
  'stops in the body': cut('hold'),
  'is silent': () => ({ pieces: [], then: 'hold' }),
  'is silent in the head': () => bytes('HTTP/1.1 200 OK\r\ncontent-le', 'hold'),
  'sends its head a byte at a time': () => ({
    ...bytes('HTTP/1.1 200 OK\r\nx-slow: ', 'hold'),
    endless: { every: 20, bytes: Buffer.from('x') },
  }),
  'sends its body a byte at a time': () => ({
    ...bytes(promising(9_999), 'hold'),
    endless: { every: 20, bytes: Buffer.from(' ') },
  }),
  'switches protocols': () => bytes(head(101, { connection: 'upgrade', upgrade: 'other' }), 'hold'),
  'continues for ever': () => ({
    pieces: [],
    endless: { every: 10, bytes: Buffer.from(head(100)) },
    then: 'hold',
  }),
  'speaks no HTTP': () => bytes('220 smtp.example ESMTP\r\n', 'end'),
  'has too large a head': () => bytes(head(200, { 'x-large': 'x'.repeat(100_000) }), 'hold'),
  'has a malformed chunk': () => bytes(`${chunkedHead}ZZ\r\n{}\r\n0\r\n\r\n`, 'hold'),
  'is no gzip': () =>
    bytes(
      `${head(200, { 'content-encoding': 'gzip', 'content-length': '9999' })}no gzip at all`,
      'hold',
    ),
  'is a gzip bomb': () => compressed('gzip', gzipBomb),
  'is a brotli bomb': () => compressed('br', brotliBomb),
  'is larger than the cap': ({ draw }) => answered(200, {}, 'x'.repeat(300_000), draw),
  'is refused: 400': error(400),
  'is refused: 403': error(403, '{"message":"Missing scope."}'),
  'is refused: 403, a page': error(403, page),
  'is refused: 404': error(404, '{"error":"No such upload.","code":"not_found"}'),
  'is refused: 407': error(407),
  'is refused: 410': error(410),
  'is refused: 422': error(422),
  'is unavailable: 408': error(408),
  'is unavailable: 425': error(425),
  'is unavailable: 500': error(500),
  'is unavailable: 502, a page': error(502, page),
  'is unavailable: 503': error(503, '', { 'retry-after': '1' }),
  'is unavailable: 520': error(520, page),
  'is throttled': error(429, '{"error":"Too many."}', { 'retry-after': '1' }),
  'is throttled until a date': ({ draw }) =>
    answered(429, { 'retry-after': retryAfterDate() }, '{"error":"Too many."}', draw),
  'is throttled, for no time that can be read': ({ draw }) =>
    answered(
      429,
      { 'retry-after': pick(draw, 'nonsense', ['-5', '1.5', 'abc', '0']) },
      '{"error":"Too many."}',
      draw,
    ),
  'redirects: 302': error(302, '', { location: 'https://login.example/?token=1' }),
  'redirects: 307': error(307, '', { location: '/elsewhere' }),
  'has no content: 202': bodyless(202),
  'has no content: 204': bodyless(204),
  'has no content: 304': bodyless(304),
  'is empty': bodyless(200),
  'is a page': said(() => page),
  'is truncated JSON': said(question => part(bodyOf(question), question.draw)),
  'is nested deeply': said(() => '['.repeat(100_000) + ']'.repeat(100_000)),
  'has 1e999 for a number': said(
    ({ upload }) => `{"status":"completed","prefixed_id":"${upload}","media":{"id":1e999}}`,
  ),
  'has an unknown status': said(({ upload }) => `{"status":"archived","prefixed_id":"${upload}"}`),
  'has no media': said(({ upload }) => `{"status":"completed","prefixed_id":"${upload}"}`),
  'has no error': said(({ upload }) => `{"status":"failed","prefixed_id":"${upload}"}`),
  'is of a prototype': said(
    ({ upload }) => `{"__proto__":{"status":"failed","error":"x"},"prefixed_id":"${upload}"}`,
  ),
  "is another upload's": said(() => '{"status":"failed","prefixed_id":"other","error":"x"}'),
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults

/** The relative probability of each fault; 1 by default. */
const weightOf: Partial<Record<FaultName, number>> = {
  // Each of these pauses a shared budget for a second.
  'is throttled': 0.1,
  'is throttled until a date': 0.1,
  'is throttled, for no time that can be read': 0.1,
  // These end a watch immediately.
  'is larger than the cap': 0.3,
  'is refused: 400': 0.3,
  'is refused: 403': 0.3,
  'is refused: 404': 0.3,
  'is refused: 407': 0.3,
  'is refused: 410': 0.3,
  'is refused: 422': 0.3,
  'redirects: 302': 0.3,
  'redirects: 307': 0.3,
  // These take much CPU.
  'is a gzip bomb': 0.3,
  'is a brotli bomb': 0.3,
  'is nested deeply': 0.3,
}

export const faultWeights = Object.fromEntries(
  Object.keys(faults).map(name => [name, weightOf[name as FaultName] ?? 1]),
) as Readonly<Record<FaultName, number>>
