import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { lastValueFrom, map, NEVER, of, Subscription, timer } from 'rxjs'
import { expired, invalidRequest, unavailable } from '../../src/failure/failure'
import type { RequestOf } from '../../src/http/request'
import { settingsOf } from '../../src/options'
import type { WatchEvent } from '../../src/watch/event'
import { decodeWatch, encodeWatch, type KeptWatch } from '../../src/watch/keptWatch'
import { step$ } from '../../src/watch/step'
import { completed, ok, pending, ref, troubles } from '../answers'
import { marbles } from '../marbles'
import { unstarted } from '../../src/watch/watchState'

const json = (kept: KeptWatch): unknown => JSON.parse(JSON.stringify(kept))
const kept = encodeWatch({ state: unstarted, elapsed: 5 })

describe('a watch that is kept as JSON', () => {
  test('comes back as it was', () => {
    const state = { ...unstarted, attempts: 2, status: pending, lastFailure: unavailable(503) }
    expect(decodeWatch(json(encodeWatch({ state, elapsed: 70 })))).toEqual({
      state: { ...state, scheduledAt: state.dueAt },
      elapsed: 70,
    })
  })

  test('keeps the time of a poll that never comes', () => {
    const state = { ...unstarted, dueAt: Infinity }
    expect(decodeWatch(json(encodeWatch({ state, elapsed: 0 })))?.state.dueAt).toBe(Infinity)
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'watch'],
    ['of another version', { ...kept, v: 0 }],
    ['without its state', { v: kept.v, elapsed: 0 }],
    ['with a time that is none', { ...kept, state: { ...kept.state, dueAt: 'soon' } }],
    ['with a status that is none', { ...kept, state: { ...kept.state, status: 'pending' } }],
    ['without its retries', { ...kept, state: { ...kept.state, streak: {} } }],
    [
      'with an end in place of a failure',
      { ...kept, state: { ...kept.state, lastFailure: expired(1) } },
    ],
  ])('and is %s cannot be read', (_, json) => {
    expect(decodeWatch(json)).toBeNull()
  })
})

describe('a step of a watch that is kept', () => {
  test('ends the watch at once where nothing may be sent', async () => {
    const failure = invalidRequest('upload', 'is not legal')
    const begun = { state: unstarted, elapsed: 0 }
    const step$$ = step$(ref, () => left(failure), settingsOf({ clock: () => 0 }), begun)
    expect((await lastValueFrom(step$$)).value).toEqual(left(failure))
  })

  test.each([
    [40, '60ms (e|)', 1],
    [100, '(e|)', 0],
    [120, '(e|)', 0],
  ])('%d ms old ends at its deadline of 100', (elapsed, expected, requests) => {
    let made = 0
    marbles(({ clock, expectObservable, flush }) => {
      const requestOf: RequestOf = () => {
        made += 1
        return right(NEVER)
      }
      const settings = settingsOf({ clock, deadline: 100 })
      const step$$ = step$(ref, requestOf, settings, { state: unstarted, elapsed })
      expectObservable(step$$.pipe(map(({ value }) => value))).toBe(expected, {
        e: left({ ...expired(100), attempts: requests, elapsed: Math.max(100, elapsed) }),
      })
      flush()
    })
    expect(made).toBe(requests)
  })

  test('teaches the budget', async () => {
    const seen: unknown[] = []
    const budget = {
      admit: <A>(request$: A): A => request$,
      learn: () => undefined,
      unanswered: (failure: unknown, upload: string) => seen.push(failure, upload),
      load: () => ({ queue: 0, wait: 0, rate: 1 }),
    }
    const lost = troubles['unreachable'] ?? left(unavailable(503))
    const requestOf: RequestOf = () => right(of(lost))
    const begun = { state: unstarted, elapsed: 0 }
    await lastValueFrom(step$(ref, requestOf, settingsOf({ clock: () => 0, budget }), begun))
    expect(seen).toHaveLength(2)
  })

  test('that is unsubscribed from within `on` reports nothing more', () => {
    const seen: string[] = []
    marbles(({ clock, at, flush }) => {
      const on = ({ _tag }: WatchEvent): void => {
        seen.push(_tag)
        if (_tag === 'StatusReceived') asking.unsubscribe()
      }
      const asking = new Subscription()
      const requestOf: RequestOf = () => right(timer(5).pipe(map(() => ok(completed))))
      const begun = { state: unstarted, elapsed: 0 }
      at(0, () => {
        const values$ = step$(ref, requestOf, settingsOf({ clock, on }), begun)
        asking.add(values$.subscribe(() => seen.push('value')))
      })
      flush()
    })
    expect(seen).toEqual(['AttemptStarted', 'StatusReceived'])
  })
})
