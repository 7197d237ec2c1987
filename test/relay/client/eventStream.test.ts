import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { eventReader, type ServerEvent } from '../../../src/relay/client/eventStream'
import { holds } from '../../random/holds'

/** Reads a text that comes in pieces. */
const readPieces = (pieces: readonly string[]): readonly ServerEvent[] => {
  const reader = eventReader()
  return pieces.flatMap(reader.read)
}

const told = (events: readonly ServerEvent[]): readonly ServerEvent[] =>
  events.filter(({ data, retry, isOver }) => data !== null || retry !== null || isOver)

describe('the events of a stream', () => {
  test.each<[string, string, readonly Partial<ServerEvent>[]]>([
    ['data', 'data: one\n\n', [{ data: 'one' }]],
    ['data without a space', 'data:one\n\n', [{ data: 'one' }]],
    ['data of several lines', 'data: one\ndata:  two\ndata\n\n', [{ data: 'one\n two\n' }]],
    ['a wait', 'retry: 250\n\n', [{ retry: 250 }]],
    ['the end of a lifetime', 'event: over\n\n', [{ isOver: true }]],
    ['no wait', 'retry: 2s\nretry: -1\n\n', []],
    ['comments', ':\n\n: data: one\n\n', []],
    ['fields that are not known', 'event: x\nid: 12\ndatabase: one\n\n', []],
    [
      'lines that end in other ways',
      'data: a\r\n\r\ndata: b\n\ndata: c\r\r:',
      [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
    ],
    ['empty lines', '\n\n\ndata: a\n\n\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
    ['what has not come to its end', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
  ])('are read: %s', (_, text, events) => {
    expect(told(readPieces([text]))).toEqual(
      events.map(event => ({ data: null, retry: null, isOver: false, ...event })),
    )
  })

  const line = fc.constantFrom('data: {}', 'data:x y', 'data', 'retry: 7', ':', 'id: 1', '', '')
  const end = fc.constantFrom('\n', '\r\n', '\r')
  const text = fc
    .array(
      fc.tuple(line, end).map(([words, mark]) => words + mark),
      { maxLength: 30 },
    )
    // At the very end a carriage return could be half of what ends a line.
    .map(lines => `${lines.join('')}:\n\n`)

  test('are read in linear time, character by character', () => {
    const text = `data: ${'x'.repeat(1_000_000)}\n\n`
    const [event] = readPieces(Array.from(text))
    expect(event?.data).toHaveLength(1_000_000)
  })

  holds(
    'are the same, however the text is cut into pieces',
    1_000,
    fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
      const at = [...new Set(cuts.map(cut => cut % whole.length))].sort((a, b) => a - b)
      const pieces = [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.length))
      expect(pieces.join('')).toBe(whole)
      expect(told(readPieces(pieces))).toEqual(told(readPieces([whole])))
    }),
  )
})
