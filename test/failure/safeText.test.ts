import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { onOneLine, safeSentence, wellFormed } from '../../src/failure/safeText'
import { heldBy } from '../memory'

/** Strings with surrogate pairs and lone surrogates. */
const units = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('\u{1F600}', '\uD83D', '\uDE00', 'x'.repeat(148), '\n', '\u200D'),
  ),
)
const anyText = units.map(parts => parts.join(''))

/** encodeURIComponent throws at a lone surrogate. */
const isWellFormed = (text: string): boolean => {
  try {
    encodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

describe('wellFormed', () => {
  test.each([
    ['\uD83D', '\uFFFD'],
    ['a\uDE00b', 'a\uFFFDb'],
    ['\uDE00\uD83D', '\uFFFD\uFFFD'],
    ['\uD83D\uD83D\uDE00', '\uFFFD\u{1F600}'],
    ['\u{1F600} stays', '\u{1F600} stays'],
  ])('for %j returns %j', (text, expected) => {
    expect(wellFormed(text)).toBe(expected)
  })

  test('returns what a UTF-8 decoder returns', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(wellFormed(text)).toBe(Buffer.from(text, 'utf8').toString('utf8'))
      }),
    )
  })
})

describe('safeSentence', () => {
  test('truncates between two characters', () => {
    expect(safeSentence(`${'x'.repeat(299)}\u{1F600}`)).toBe('x'.repeat(299))
    expect(safeSentence(`${'x'.repeat(298)}\u{1F600}`)).toBe(`${'x'.repeat(298)}\u{1F600}`)
    expect(safeSentence('\u{1F600}'.repeat(200))).toBe('\u{1F600}'.repeat(150))
  })

  test('keeps at most 300 UTF-16 units', () => {
    expect(safeSentence('x'.repeat(300))).toBe('x'.repeat(300))
    expect(safeSentence('x'.repeat(301))).toBe('x'.repeat(300))
  })

  test('replaces line breaks and control characters with one space', () => {
    expect(safeSentence('one\r\n\ttwo\u2028three')).toBe('one two three')
  })

  test('does not keep the truncated rest in memory', () => {
    const sentences = (): readonly string[] =>
      Array.from({ length: 40 }, (_, nth) => safeSentence('x'.repeat(1_000_000) + String(nth)))
    expect(heldBy(sentences)).toBeLessThan(10_000_000)
  })

  test('returns a short, well-formed line for any string', () => {
    fc.assert(
      fc.property(anyText, text => {
        const safe = safeSentence(text)
        expect(safe.length).toBeLessThanOrEqual(300)
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(isWellFormed(safe)).toBe(true)
        expect(isWellFormed(onOneLine(text))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
