import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { onAbort, reasonOf } from '../../src/http/aborted'

describe('the reason of an abort', () => {
  test.each<[string, unknown, string]>([
    ['a text is that text', 'page left', 'page left'],
    ['an error is its message', new Error('shutting down'), 'shutting down'],
    ['a record with a message is that message', { message: 'told' }, 'told'],
    ['a record without one is not known', { code: 7 }, 'aborted'],
    ['a message that is no text is not known', { message: 7 }, 'aborted'],
    ['null is not known', null, 'aborted'],
    ['a number is not known', 7, 'aborted'],
  ])('given as %s', (_, reason, expected) => {
    expect(reasonOf(AbortSignal.abort(reason))).toBe(expected)
  })

  test('that was given none is the sentence of the platform', () => {
    expect(reasonOf(AbortSignal.abort())).toMatch(/abort/)
  })

  test('without a signal is not known', () => {
    expect(reasonOf(undefined)).toBe('aborted')
  })
})

describe('those that wait for an abort', () => {
  const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

  test('share one listener, which goes with the last of them', () => {
    const { signal } = new AbortController()
    const nothing = (): void => undefined
    const ends = Array.from({ length: 1_000 }, () => onAbort(signal, () => undefined))
    expect(listenersOf(signal)).toBe(1)
    for (const end of ends.slice(1)) end()
    expect(listenersOf(signal)).toBe(1)
    ends[0]?.()
    expect(listenersOf(signal)).toBe(0)
    const end = onAbort(signal, nothing)
    ends[0]?.()
    expect(listenersOf(signal)).toBe(1)
    end()
    end()
    expect(listenersOf(signal)).toBe(0)
  })

  test('are called in the order in which they came, without those that left meanwhile', () => {
    const controller = new AbortController()
    const called: number[] = []
    const ends = [0, 1, 2, 3].map(nth =>
      onAbort(controller.signal, () => {
        called.push(nth)
        ends[nth]?.()
        if (nth === 1) ends[2]?.()
      }),
    )
    controller.abort()
    expect(called).toEqual([0, 1, 3])
    expect(listenersOf(controller.signal)).toBe(0)
  })
})
