import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { lastValueFrom, noop, of, Subject } from 'rxjs'
import { unreachable } from '../../src/failure/failure'
import { outcome } from '../../src/operators/outcome'
import { completed, failed, pending, processing } from '../answers'
import { marbles } from '../marbles'

const values = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
  x: left(unreachable('ECONNRESET')),
}

describe('outcome', () => {
  test.each([
    ['a completed upload', 'c'],
    ['a failed upload', 'f'],
    ['a failure', 'x'],
  ])('emits only the end of a watch that ends with %s', (_, end) => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(`-p-w-w-(${end}|)`, values)
      const subs = '        ^------!'
      const expected = `    -------(${end}|)`
      expectObservable(source$.pipe(outcome())).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('unsubscribes at the outcome, even if the source continues', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-p-c-p-x-c', values)
      const subs = '       ^--!'
      const expected = '   ---(c|)'
      expectObservable(source$.pipe(outcome())).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('emits nothing if the source completes without an outcome', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-w-|', values)
      const subs = '        ^----!'
      const expected = '    -----|'
      expectObservable(source$.pipe(outcome())).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('passes on a defect', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-#', values, new Error('bug'))
      const subs = '        ^--!'
      const expected = '    ---#'
      expectObservable(source$.pipe(outcome())).toBe(expected, values, new Error('bug'))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('unsubscribes from the source on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-p-w-w-c', values)
      const unsub = '       ----!'
      const subs = '        ^---!'
      const expected = '    -----'
      expectObservable(source$.pipe(outcome()), unsub).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('ignores a second outcome that arrives while it emits the first', () => {
    const source$ = new Subject<(typeof values)['c' | 'f']>()
    const seen: unknown[] = []
    source$.pipe(outcome()).subscribe({
      next: value => {
        seen.push(value)
        source$.next(values.f)
      },
      error: noop,
    })
    source$.next(values.c)
    expect(seen).toEqual([values.c])
  })

  test('emits the same object as the source', async () => {
    const source$ = of(values.p, values.c)
    expect(await lastValueFrom(source$.pipe(outcome()), { defaultValue: null })).toBe(values.c)
  })
})
