import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { printable } from '../../src/cli/printable'

describe('printable text', () => {
  test.each([
    ['a plain sentence', 'a plain sentence'],
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007', 'link'],
    ['title\u001B]0;owned\u0007', 'title'],
    ['bell\u0007 back\b\b', 'bell back'],
    ['one\r\ntwo\n\n\tthree', 'one two three'],
    ['C1 \u009B31m', 'C1'],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['zero\u200Bwidth\u2066', 'zerowidth'],
    ['line\u2028separator', 'line separator'],
    ['  größer – ✓ 漢字 ', 'größer – ✓ 漢字'],
  ])('makes %j into %j', (text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  test('holds no control and no invisible character, and is one line of bounded length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        (text, most) => {
          const line = printable(text, most)
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
          expect(Array.from(line).length).toBeLessThanOrEqual(most)
        },
      ),
    )
  })

  test('is done quickly with a text of any size', () => {
    const started = performance.now()
    expect(printable('\u001B['.repeat(1_000_000)).length).toBeLessThanOrEqual(300)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
