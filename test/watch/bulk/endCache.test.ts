import { describe, expect, test } from '@jest/globals'
import type { TerminalStatus } from '../../../src/api/status'
import { endCache } from '../../../src/watch/bulk/endCache'

const mebibyte = 1_024 * 1_024
const refOf = (upload: string | number) => ({ account: 'acct_1', upload: String(upload) })
/** A status whose JSON has this many characters. */
const ofLength = (length: number): TerminalStatus => {
  const bare: TerminalStatus = { status: 'failed', prefixed_id: 'a', error: '' }
  return { ...bare, error: 'x'.repeat(length - JSON.stringify(bare).length) }
}
const small = ofLength(100)

describe('endCache', () => {
  test('returns the terminal status of an upload by its account and id', () => {
    const ends = endCache()
    expect(ends.get(refOf(1))).toBeUndefined()
    ends.add(refOf(1), small)
    expect(ends.get(refOf(1))).toBe(small)
    expect(ends.get(refOf(2))).toBeUndefined()
    expect(ends.get({ account: 'acct_2', upload: '1' })).toBeUndefined()
  })

  test('keeps 1,000 entries, and removes the oldest first', () => {
    const ends = endCache()
    for (let i = 0; i <= 1_000; i += 1) ends.add(refOf(i), small)
    expect(ends.get(refOf(0))).toBeUndefined()
    expect(ends.get(refOf(1))).toBe(small)
    expect(ends.get(refOf(1_000))).toBe(small)
  })

  test('keeps 4 MiB of JSON, and removes the oldest first', () => {
    const ends = endCache()
    for (let i = 0; i < 4; i += 1) ends.add(refOf(i), ofLength(mebibyte))
    expect(ends.get(refOf(0))).toBeDefined()
    ends.add(refOf(4), small)
    expect(ends.get(refOf(0))).toBeUndefined()
    for (let i = 1; i <= 4; i += 1) expect(ends.get(refOf(i))).toBeDefined()
    ends.add(refOf(5), ofLength(2 * mebibyte))
    expect([1, 2, 3, 4, 5].filter(i => ends.get(refOf(i)) !== undefined)).toEqual([3, 4, 5])
  })

  test('does not keep an entry that alone is larger, and removes no other for it', () => {
    const ends = endCache()
    ends.add(refOf(1), small)
    ends.add(refOf(2), ofLength(4 * mebibyte + 1))
    expect(ends.get(refOf(1))).toBe(small)
    expect(ends.get(refOf(2))).toBeUndefined()
    ends.add(refOf(3), ofLength(4 * mebibyte))
    expect(ends.get(refOf(3))).toBeDefined()
  })

  test('does not keep an entry that cannot be written as JSON, as its size is unknown', () => {
    const ends = endCache()
    const circle: { status: 'failed'; prefixed_id: string; error: string; self?: unknown } = {
      status: 'failed',
      prefixed_id: 'a',
      error: '',
    }
    circle.self = circle
    ends.add(refOf(1), circle)
    ends.add(refOf(2), small)
    expect(ends.get(refOf(1))).toBeUndefined()
    expect(ends.get(refOf(2))).toBe(small)
  })

  test('counts a repeated entry once, as the newest', () => {
    const ends = endCache()
    for (let i = 0; i < 10; i += 1) ends.add(refOf(1), ofLength(mebibyte))
    ends.add(refOf(2), ofLength(3 * mebibyte))
    ends.add(refOf(1), ofLength(mebibyte))
    expect(ends.get(refOf(2))).toBeDefined()
    ends.add(refOf(3), small)
    expect(ends.get(refOf(2))).toBeUndefined()
    expect(ends.get(refOf(1))).toBeDefined()
  })
})
