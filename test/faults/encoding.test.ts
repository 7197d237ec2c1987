import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { malformed, unreachable } from '../../src/failure/failure'
import { completed } from '../answers'
import { beforeTheHead, bomb, brotliBomb, inTheBody } from '../http/faults'
import { framings } from '../http/framing'
import { again, bytes, head, inTurn, whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow } from './follow'
import { good, isFinal, isRetried } from './laws'
import { row } from './row'

const json = JSON.stringify(completed)
const nodeMajor = parseInt(process.versions.node, 10)

row('malformed chunk, header overflow, bad gzip', ({ fetch, by }) => {
  const unread = {
    ...unreachable(''),
    code: by<unknown>({
      'cross-fetch': expect.stringMatching(/^(HPE|ERR|Z)_/),
      "Node's own fetch": expect.stringMatching(/^(HPE|UND_ERR|ERR|Z)_/),
    }),
  }

  describe.each([
    ['a malformed chunk', inTheBody['has a malformed chunk'](200)],
    ['a head that is too large', beforeTheHead['has a head that is too large']],
    ['an answer that is not HTTP', beforeTheHead['does not speak HTTP']],
    ['an incomplete body that is not gzip', inTheBody['is not gzip'](200)],
  ])('%s', (_, reply) => {
    isRetried(reply, unread, { fetch })
  })

  describe.each(['gzip', 'deflate', 'br'])('a complete body that is not %s', encoding => {
    const reply = whole(200, 'xxxxxxxxxx', { 'content-encoding': encoding })
    const attemptTimeout = by({ 'cross-fetch': 10_000, "Node's own fetch": 1_000 })
    // Up to Node 22, Node's own fetch may not notice that it cannot continue: see docs/testing.md.
    const failure = by<object>({
      'cross-fetch': unread,
      "Node's own fetch": { _tag: expect.stringMatching(/^(Unreachable|TimedOut)$/) },
    })
    isRetried(reply, failure, { fetch, attemptTimeout })
  })

  // Node's own fetch decodes up to five of them and rejects more; cross-fetch decodes one.
  describe('a body that is encoded six times', () => {
    const encodings = Array<string>(6).fill('gzip').join()
    const failure = by<object>({
      'cross-fetch': malformed('notJson'),
      "Node's own fetch": unreachable('UNKNOWN'),
    })
    isRetried(whole(200, gzipSync(json), { 'content-encoding': encodings }), failure, { fetch })
  })

  test('retries after a truncated gzip', async () => {
    const cut = gzipSync(json).subarray(0, 40)
    const server = await wire(inTurn(whole(200, cut, { 'content-encoding': 'gzip' }), good))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(2)
  })

  test.each([
    ['gzip', gzipSync(json)],
    ['br', brotliCompressSync(json)],
  ])('accepts a valid %s', async (encoding, body) => {
    const server = await wire(whole(200, body, { 'content-encoding': encoding }))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
  })

  test.each([
    ['gzip', gzipSync(json)],
    ['GZIP', gzipSync(json)],
    ['br', brotliCompressSync(json)],
  ])('does not read an endless rest after a valid %s', async (encoding, body) => {
    const size = 1024 * 1024
    const more = Buffer.concat([body, Buffer.alloc(size)])
    const headers = { 'content-encoding': encoding, 'transfer-encoding': 'chunked' }
    const chunk = Buffer.concat([Buffer.from(`${more.length.toString(16)}\r\n`), more])
    const server = await wire(bytes(Buffer.concat([Buffer.from(head(200, headers)), chunk])))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
    // The fetch of Node 24 keeps the connection of a body that has not ended.
    const isFreed = by({ 'cross-fetch': true, "Node's own fetch": nodeMajor < 24 })
    if (!isFreed) await server.close()
    await server.gone()
    expect(server.requests).toHaveLength(1)
  })
})

row('Content-Encoding: GZIP', ({ fetch }) => {
  test.each<[string, Buffer]>([
    ['GZIP', gzipSync(json)],
    ['X-Gzip', gzipSync(json)],
    ['Deflate', deflateSync(json)],
    ['BR', brotliCompressSync(json)],
    ['gzip, br', brotliCompressSync(gzipSync(json))],
    ['deflate,GZIP', gzipSync(deflateSync(json))],
  ])('accepts %s', async (encoding, body) => {
    for (const framing of framings) {
      const server = await wire(whole(200, body, { 'content-encoding': encoding }, [framing]))
      expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
      expect(server.requests).toHaveLength(1)
    }
  })

  describe('a truncated body', () => {
    const cut = gzipSync(json).subarray(0, 40)
    isRetried(
      whole(200, cut, { 'content-encoding': 'GZIP' }),
      { _tag: expect.stringMatching(/^(?:Unreachable|Malformed)$/) },
      { fetch },
    )
  })

  describe('a body above the cap', () => {
    const zeros = gzipSync(Buffer.alloc(1024 * 1024))
    isFinal(whole(200, zeros, { 'content-encoding': 'GZIP' }), malformed('oversized'), { fetch })
  })
})

row('body above the cap after decompression (a 300 kB gzip of 300 MB)', ({ fetch }) => {
  const megabytes = (): number => {
    const { external, heapUsed } = process.memoryUsage()
    return (external + heapUsed) / 1_024 ** 2
  }
  describe.each([
    ['of gzip', bomb(200)],
    ['of brotli', brotliBomb(200)],
    ['of plain bytes without an end', again(head(200), ' '.repeat(64 * 1_024), 0)],
    [
      'of plain bytes with a Content-Length',
      bytes(head(200, { 'content-length': '900000' }) + ' '.repeat(400_000)),
    ],
  ])('a body %s', (_, reply) => {
    isFinal(reply, malformed('oversized'), { fetch })

    test('is aborted at the cap, and takes less than 50 MB of memory', async () => {
      const server = await wire(reply)
      const before = megabytes()
      await follow(server.url, { fetch }).ended
      expect(megabytes() - before).toBeLessThan(50)
      await server.gone()
    })
  })
})
