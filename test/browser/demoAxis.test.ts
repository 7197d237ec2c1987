import { describe, expect, test } from '@jest/globals'
import { axisOf } from '../../docs/demo/axis'
import type { Step } from '../../docs/demo/history'
import { waitLeft, type StoryLine } from '../../docs/demo/story'

const second = 1_000
const minute = 60 * second

const running = (start: number): readonly Step[] => [{ doing: 'waiting', at: start }]

const ended = (start: number, end: number): readonly Step[] => [
  { doing: 'waiting', at: start },
  { doing: 'completed', at: end },
]

describe('the time axis of the demo', () => {
  test('ends now, and begins before the first running upload', () => {
    const now = 10 * minute
    expect(axisOf([running(now - 20 * second), running(now - second)], now)).toEqual({
      to: now,
      span: 30 * second,
    })
  })

  test('ends at the last end when no upload runs, whatever the time is', () => {
    const all = [ended(0, 10 * second), ended(5 * second, 14 * second)]
    expect(axisOf(all, 60 * minute)).toEqual({ to: 14 * second, span: 15 * second })
  })

  test('ignores uploads that ended more than a minute ago', () => {
    const now = 10 * minute
    const all = [ended(0, now - minute - 1), running(now - second)]
    expect(axisOf(all, now)).toEqual({ to: now, span: 15 * second })
    expect(axisOf([ended(now - 100 * second, now - minute + 1), ...all], now).span).toBe(2 * minute)
  })

  test('is at most five minutes long', () => {
    expect(axisOf([running(0)], 60 * minute)).toEqual({ to: 60 * minute, span: 5 * minute })
  })

  test('does not end before the latest report of the server', () => {
    expect(axisOf([running(2 * second)], second).to).toBe(2 * second)
  })

  test('has a length even without uploads', () => {
    expect(axisOf([], minute).span).toBeGreaterThan(0)
  })
})

describe('the current wait in the demo', () => {
  const line = (until: number | null): StoryLine => ({
    upload: 'u',
    at: 0,
    mark: 'wait',
    text: '',
    until,
  })

  test('is the rest of the wait in the last line', () => {
    expect(waitLeft([line(null), line(5 * second)], 2 * second)).toBe(3 * second)
  })

  test.each([
    ['another line follows', [line(5 * second), line(null)]],
    ['it is over', [line(2 * second)]],
    ['nothing happened yet', []],
  ])('is null when %s', (_, lines) => {
    expect(waitLeft(lines, 2 * second)).toBeNull()
  })
})
