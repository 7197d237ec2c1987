import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { FetchResponse } from '../../src/http/fetch'
import { readBody, webReader, type Reader } from '../../src/http/body'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const response = (body: unknown, text = ''): FetchResponse => ({
  status: 200,
  headers: { get: () => null },
  body,
  text: () => Promise.resolve(text),
})

/** A mock reader of these chunks. */
const readerOf = (chunks: readonly Uint8Array[]) => {
  const rest = [...chunks]
  return jest.fn<Reader>(() => {
    const value = rest.shift()
    return Promise.resolve({ done: value === undefined, value })
  })
}

const read = (chunks: readonly Uint8Array[], cap = 1_000): Promise<string | null> =>
  readBody(response(null), () => readerOf(chunks), cap)

/** The bytes, split at these positions. */
const cut = (whole: Uint8Array, places: readonly number[]): readonly Uint8Array[] => {
  const ends = [...places.map(place => place % (whole.length + 1)), whole.length].sort(
    (a, b) => a - b,
  )
  return ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end))
}

/** Runs `work` in a host without a TextDecoder, like Hermes and jsdom. */
const withoutDecoder = async <A>(work: () => Promise<A>): Promise<A> => {
  const own = globalThis.TextDecoder
  Reflect.deleteProperty(globalThis, 'TextDecoder')
  try {
    return await work()
  } finally {
    globalThis.TextDecoder = own
  }
}

describe('readBody', () => {
  test('returns the text, regardless of how its bytes are split into chunks', async () => {
    const text = fc.string({ unit: 'binary' }).filter(each => !each.startsWith('\uFEFF'))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat()), async (whole, places) => {
        expect(await read(cut(bytes(whole), places), Infinity)).toBe(whole)
      }),
    )
  })

  test('reads the text at once if there is no TextDecoder, and not the stream', async () => {
    const reader = readerOf([bytes('bytes')])
    const answer = response(null, '\uFEFFtext')
    expect(await withoutDecoder(() => readBody(answer, () => reader, 5))).toBe('text')
    expect(await withoutDecoder(() => readBody(answer, () => reader, 4))).toBeNull()
    expect(reader).not.toHaveBeenCalled()
  })

  test('stops as soon as the body exceeds the cap, and not before', async () => {
    const sizes = fc.array(fc.nat(50), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(300), async (lengths, cap) => {
        const chunks = lengths.map(length => new Uint8Array(length).fill(0x61))
        const reader = readerOf(chunks)
        const total = lengths.reduce((sum, length) => sum + length, 0)
        const text = await readBody(response(null), () => reader, cap)
        expect(text).toBe(total > cap ? null : 'a'.repeat(total))
        let [size, count] = [0, 0]
        while (size <= cap && count < lengths.length) size += lengths[count++] ?? 0
        expect(reader).toHaveBeenCalledTimes(size > cap ? count : lengths.length + 1)
      }),
    )
  })

  test('counts bytes, not characters', async () => {
    expect(await read([bytes('€€')], 6)).toBe('€€')
    expect(await read([bytes('€€')], 5)).toBeNull()
  })

  test('removes a byte-order mark, even if it is split', async () => {
    const mark = [0xef, 0xbb, 0xbf].map(byte => Uint8Array.of(byte))
    expect(await read([...mark, bytes('{}')])).toBe('{}')
    expect(await read([bytes('\uFEFF{}')])).toBe('{}')
  })

  test('removes only one byte-order mark, and only at the start', async () => {
    expect(await read([bytes('\uFEFF\uFEFF{\uFEFF}')])).toBe('\uFEFF{\uFEFF}')
  })

  test('replaces invalid UTF-8 with U+FFFD', async () => {
    expect(await read([Uint8Array.of(0x61, 0xff, 0x62), Uint8Array.of(0xe2, 0x82)])).toBe(
      'a\uFFFDb\uFFFD',
    )
  })

  test('returns an empty string for no chunks', async () => {
    expect(await read([])).toBe('')
  })

  test('continues after an empty chunk', async () => {
    expect(await read([bytes('a'), new Uint8Array(0), bytes('b')])).toBe('ab')
  })

  test('rejects with the error of the stream', async () => {
    const broken = new Error('reset')
    const reader = jest.fn<Reader>()
    reader.mockResolvedValueOnce({ value: bytes('a') }).mockRejectedValueOnce(broken)
    await expect(readBody(response(null), () => reader, 10)).rejects.toBe(broken)
  })
})

describe('a body that cannot be read in chunks', () => {
  const whole = (text: string, cap = 10): Promise<string | null> =>
    readBody(response(undefined, text), () => null, cap)

  test('is read as a whole', async () => {
    expect(await whole('{"a":1}')).toBe('{"a":1}')
    expect(await whole('')).toBe('')
  })

  test('is checked against the cap afterwards', async () => {
    expect(await whole('a'.repeat(10))).toBe('a'.repeat(10))
    expect(await whole('a'.repeat(11))).toBeNull()
  })

  test('loses a byte-order mark only at the start', async () => {
    expect(await whole('\uFEFF{}')).toBe('{}')
    expect(await whole('{\uFEFF}')).toBe('{\uFEFF}')
  })
})

describe('webReader', () => {
  test('reads a standard stream', async () => {
    const body = new Response('{"a":1}').body
    expect(await readBody(response(body), webReader, 100)).toBe('{"a":1}')
  })

  test('calls read as a method, as a stream requires', async () => {
    const text = await readBody(response(new Blob(['ab', 'c']).stream()), webReader, 100)
    expect(text).toBe('abc')
  })

  test.each([
    ['null', null],
    ['undefined', undefined],
    ['a string', 'text'],
    ['another stream', { pipe: () => undefined }],
  ])('returns null for %s', (_, body) => {
    expect(webReader(body)).toBeNull()
  })
})
