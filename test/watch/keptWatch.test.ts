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

describe('decodeWatch', () => {
  test('restores what encodeWatch wrote', () => {
    const state = { ...unstarted, attempts: 2, status: pending, lastFailure: unavailable(503) }
    expect(decodeWatch(json(encodeWatch({ state, elapsed: 70 })))).toEqual({
      state: { ...state, scheduledAt: state.dueAt },
      elapsed: 70,
    })
  })

  test('restores Infinity as the time of a poll that never comes', () => {
    const state = { ...unstarted, dueAt: Infinity }
    expect(decodeWatch(json(encodeWatch({ state, elapsed: 0 })))?.state.dueAt).toBe(Infinity)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'watch'],
    ['a watch of another version', { ...kept, v: 0 }],
    ['a watch without its state', { v: kept.v, elapsed: 0 }],
    ['a watch whose time is not a number', { ...kept, state: { ...kept.state, dueAt: 'soon' } }],
    [
      'a watch whose status is not an object',
      { ...kept, state: { ...kept.state, status: 'pending' } },
    ],
    ['a watch without its retries', { ...kept, state: { ...kept.state, streak: {} } }],
    [
      'a watch with Expired as its last failure',
      { ...kept, state: { ...kept.state, lastFailure: expired(1) } },
    ],
  ])('returns null for %s', (_, json) => {
    expect(decodeWatch(json)).toBeNull()
  })
})

describe('step$', () => {
  test('ends the watch immediately if the request must not be sent', async () => {
    const failure = invalidRequest('upload', 'is not legal')
    const begun = { state: unstarted, elapsed: 0 }
    const step$$ = step$(ref, () => left(failure), settingsOf({ clock: () => 0 }), begun)
    expect((await lastValueFrom(step$$)).value).toEqual(left(failure))
  })

  test.each([
    [40, '60ms (e|)', 1],
    [100, '(e|)', 0],
    [120, '(e|)', 0],
  ])('ends a watch that is %d ms old at its deadline of 100 ms', (elapsed, expected, requests) => {
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

  test('reports a request without an answer to the budget', async () => {
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

  test('reports nothing after an unsubscribe within `on`', () => {
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
