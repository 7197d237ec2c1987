import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { answer, completed, ok, pending, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const unknown = { status: 'archived', prefixed_id: ref.upload }
const headers = { 'x-ofapi-credits-used': '0', 'x-ofapi-credits-balance': '97' }
const answers = {
  p: ok(pending),
  u: answer(200, unknown),
  o: answer(200, { ...unknown, prefixed_id: 'ofapi_media_2' }),
  m: answer(200, { status: 'completed', prefixed_id: ref.upload }),
  c: ok(completed),
  $: answer(200, completed, headers),
}
const values = { p: E.right(pending), c: E.right(completed) }

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  describe("a status that is not one of the four, with onUnknownStatus: 'continue'", () => {
    test('emits StatusUnknown, and polling continues by the schedule to the end', () => {
      inVirtualTime(answers, ({ watch$, expectObservable, flush, events }) => {
        const watched$ = watch$(['(u|)', '(p|)', '(u|)', '(u|)', '(u|)', '(u|)', '(c|)'], {
          onUnknownStatus: 'continue',
        })
        expectObservable(watched$).toBe('10ms p 49ms (c|)', values)
        flush()
        expect(events.filter(({ _tag }) => _tag === 'StatusUnknown')).toEqual(
          [0, 20, 30, 40, 50].map(at => ({
            _tag: 'StatusUnknown',
            status: 'archived',
            ...ref,
            at,
          })),
        )
      })
    })

    test('ends the watch at its deadline if it never changes', () => {
      inVirtualTime(answers, ({ watch$, expectObservable }) => {
        const end = { _tag: 'Expired', after: 95, lastFailure: null, lastStatus: null }
        expectObservable(watch$(['(u|)'], { onUnknownStatus: 'continue', deadline: 95 })).toBe(
          '95ms (e|)',
          {
            e: E.left({ ...end, attempts: 10, elapsed: 95 }),
          },
        )
      })
    })

    test.each([
      ['the id is that of another upload', 'o'],
      ['the media is missing', 'm'],
    ])('fails the attempt if %s, too', (_, mark) => {
      inVirtualTime(answers, ({ watch$, events, flush }) => {
        watch$([`(${mark}|)`], {
          onUnknownStatus: 'continue',
          retry: { base: 1, cap: 1 },
        }).subscribe()
        flush()
        expect(events.map(({ _tag }) => _tag)).not.toContain('StatusUnknown')
        expect(events.at(-1)).toMatchObject({
          _tag: 'Settled',
          value: { left: { _tag: 'Malformed' } },
        })
      })
    })

    test('ends the watch by default, after three retries', () => {
      inVirtualTime(answers, ({ watch$, events, requests, flush }) => {
        watch$(['(u|)']).subscribe()
        flush()
        expect(requests).toHaveLength(4)
        expect(events.at(-1)).toMatchObject({ value: { left: { status: 'archived' } } })
      })
    })
  })

  describe('an answer with credits', () => {
    test('emits CreditsReported before StatusReceived', () => {
      inVirtualTime(answers, ({ watch$, events, flush }) => {
        watch$(['($|)']).subscribe()
        flush()
        expect(events.map(({ _tag }) => _tag)).toEqual([
          'AttemptStarted',
          'CreditsReported',
          'StatusReceived',
          'Settled',
        ])
        expect(events[1]).toMatchObject({ used: '0', balance: '97' })
      })
    })
  })
})
