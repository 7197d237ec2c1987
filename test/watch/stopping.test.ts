import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { BehaviorSubject } from 'rxjs'
import { cancelled } from '../../src/failure/failure'
import { ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'
import { answers, endedBy, spans, values } from './marbleValues'

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  describe('stopping', () => {
    test.each([
      ['before the first request', '!', '', []],
      ['during the first request', '-!', '', [[0, 1]]],
      ['between polls', '-----!', '--p', [[0, 2]]],
      [
        'during a later request',
        '13ms !',
        '--p',
        [
          [0, 2],
          [12, 13],
        ],
      ],
    ])('unsubscribing %s stops the watch immediately', (_, unsubscription, marble, expected) => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
        expectObservable(watch$(['--(p|)', '--(w|)']), unsubscription).toBe(marble, values)
        flush()
        expect(spans(requests)).toEqual(expected)
      })
    })

    test('unsubscribing within next or within on stops the watch immediately', () => {
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        const subscription = watch$(['--(p|)']).subscribe(() => {
          subscription.unsubscribe()
        })
        flush()
        expect(spans(requests)).toEqual([[0, 2]])
      })
      inVirtualTime(answers, ({ watch$, requests, flush }) => {
        const seen: unknown[] = []
        const subscription = watch$(['--(p|)'], {
          on: () => {
            subscription.unsubscribe()
          },
        }).subscribe(value => seen.push(value))
        flush()
        expect(requests).toEqual([])
        expect(seen).toEqual([])
      })
    })

    test('a pause within on at the start of an attempt prevents its request', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, cold }) => {
        const activity$ = new BehaviorSubject(true)
        cold('---(a|)').subscribe(() => {
          activity$.next(true)
        })
        const paused$ = watch$(['-(c|)'], {
          activity$,
          on: ({ _tag, at }) => {
            if (_tag === 'AttemptStarted' && at === 0) activity$.next(false)
          },
        })
        expectObservable(paused$).toBe('1001ms (c|)', values)
        flush()
        expect(spans(requests)).toEqual([[1_000, 1_001]])
      })
    })

    test('an aborted signal ends the watch with Cancelled, and the listener is removed', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, requests, flush, cold }) => {
        const controller = new AbortController()
        cold('---(a|)').subscribe(() => {
          controller.abort(new Error('gone'))
        })
        expectObservable(watch$(['-(p|)'], { signal: controller.signal })).toBe('-p-(x|)', {
          ...values,
          x: endedBy(cancelled('gone'), 3, 1, 'pending'),
        })
        flush()
        expect(getEventListeners(controller.signal, 'abort')).toEqual([])
        expect(spans(requests)).toEqual([[0, 1]])
      })
    })

    test.each([
      ['no reason', undefined, 'This operation was aborted'],
      ['a string as the reason', 'left the page', 'left the page'],
      ['a number as the reason', 7, 'aborted'],
    ])(
      'a signal that was already aborted, with %s, prevents every request',
      (_, reason, expected) => {
        inVirtualTime(answers, ({ watch$, expectObservable, requests, events, flush }) => {
          const signal = AbortSignal.abort(reason)
          const value = endedBy(cancelled(expected), 0, 0)
          expectObservable(watch$(['-(p|)'], { signal })).toBe('(x|)', { x: value })
          flush()
          expect(requests).toEqual([])
          expect(events).toEqual([{ _tag: 'Settled', value, at: 0, ...ref }])
        })
      },
    )
  })
})
