import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { eventReader, type ServerEvent } from '../../../src/relay/client/eventStream'
import { holds } from '../../random/holds'

/** Reads a text in chunks. */
const readPieces = (pieces: readonly string[]): readonly ServerEvent[] => {
  const reader = eventReader()
  return pieces.flatMap(reader.read)
}

const meaningful = (events: readonly ServerEvent[]): readonly ServerEvent[] =>
  events.filter(({ data, retry, isOver }) => data !== null || retry !== null || isOver)

describe('eventReader', () => {
  test.each<[string, string, readonly Partial<ServerEvent>[]]>([
    ['data', 'data: one\n\n', [{ data: 'one' }]],
    ['data without a space', 'data:one\n\n', [{ data: 'one' }]],
    ['data of several lines', 'data: one\ndata:  two\ndata\n\n', [{ data: 'one\n two\n' }]],
    ['a retry time', 'retry: 250\n\n', [{ retry: 250 }]],
    ['the end of a lifetime', 'event: over\n\n', [{ isOver: true }]],
    ['nothing for an invalid retry time', 'retry: 2s\nretry: -1\n\n', []],
    ['nothing for comments', ':\n\n: data: one\n\n', []],
    ['nothing for unknown fields', 'event: x\nid: 12\ndatabase: one\n\n', []],
    [
      'nothing for fields whose names begin like a known one',
      'data-size: 7\ndata : one\ndata one\nretry-after 9\nevent.over: over\n\n',
      [],
    ],
    [
      'lines that end with CR, LF or CRLF',
      'data: a\r\n\r\ndata: b\n\ndata: c\r\r:',
      [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
    ],
    [
      'events between empty lines',
      '\n\n\ndata: a\n\n\n\ndata: b\n\n',
      [{ data: 'a' }, { data: 'b' }],
    ],
    ['no event that has not ended', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
  ])('reads %s', (_, text, events) => {
    expect(meaningful(readPieces([text]))).toEqual(
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
    // A carriage return at the very end could be the first half of a CRLF.
    .map(lines => `${lines.join('')}:\n\n`)

  test('keeps no comment of an event, however many come', () => {
    const reader = eventReader()
    reader.read('data: one\n')
    for (let nth = 0; nth < 1_000; nth += 1) reader.read(`:${' '.repeat(2_048)}\n`)
    expect(reader.unread()).toBe('one'.length)
  })

  test('counts what it keeps of an event: its data, and the line that has not ended', () => {
    const reader = eventReader()
    reader.read('data: one\ndata: two\ndata: th')
    expect(reader.unread()).toBe('one\ntwo'.length + 'data: th'.length)
    reader.read('ree\n\n')
    expect(reader.unread()).toBe(0)
  })

  test('reads a megabyte character by character in linear time', () => {
    const text = `data: ${'x'.repeat(1_000_000)}\n\n`
    const [event] = readPieces(Array.from(text))
    expect(event?.data).toHaveLength(1_000_000)
  })

  holds(
    'reads the same events for every split into chunks',
    1_000,
    fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
      const at = [...new Set(cuts.map(cut => cut % whole.length))].sort((a, b) => a - b)
      const pieces = [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.length))
      expect(pieces.join('')).toBe(whole)
      expect(meaningful(readPieces(pieces))).toEqual(meaningful(readPieces([whole])))
    }),
  )
})
