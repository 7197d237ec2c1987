import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { onAbort, reasonOf } from '../../src/http/aborted'

describe('reasonOf', () => {
  test.each<[string, unknown, string]>([
    ['returns a string', 'page left', 'page left'],
    ['returns the message of an error', new Error('shutting down'), 'shutting down'],
    ['returns the message of an object', { message: 'stopped' }, 'stopped'],
    ['returns a default for an object without a message', { code: 7 }, 'aborted'],
    ['returns a default for a message that is not a string', { message: 7 }, 'aborted'],
    ['returns a default for null', null, 'aborted'],
    ['returns a default for a number', 7, 'aborted'],
  ])('%s', (_, reason, expected) => {
    expect(reasonOf(AbortSignal.abort(reason))).toBe(expected)
  })

  test('returns the message of the platform if there is no reason', () => {
    expect(reasonOf(AbortSignal.abort())).toMatch(/abort/)
  })

  test('returns a default without a signal', () => {
    expect(reasonOf(undefined)).toBe('aborted')
  })
})

describe('onAbort', () => {
  const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

  test('shares one listener, which is removed with the last callback', () => {
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

  test('calls the callbacks in order, except those removed meanwhile', () => {
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
