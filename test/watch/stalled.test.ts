import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { BehaviorSubject, timer } from 'rxjs'
import { uploadView, waitingView, type WatchEvent } from 'rx-upload-status'
import { answer, completed, ok, pending, processing } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const answers = { p: ok(pending), w: ok(processing), c: ok(completed), u: answer(503) }

const stalls = (events: readonly WatchEvent[]) =>
  events.flatMap(event => (event._tag === 'Stalled' ? [[event.at, event.status]] : []))

describe.each(engines)('stalledAfter, with %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test('emits Stalled once for each status that stays unchanged that long', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      const asked = [...Array<string>(6).fill('(p|)'), ...Array<string>(6).fill('(w|)'), '(c|)']
      watch$(asked, { stalledAfter: 30 }).subscribe()
      flush()
      // Polls every 10 ms: pending since 0, processing since 60.
      expect(stalls(events)).toEqual([
        [30, 'pending'],
        [90, 'processing'],
      ])
    })
  })

  test('emits no Stalled by default, nor for a status that changes in time', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      const asked = ['(p|)', '(p|)', '(w|)', '(w|)', '(c|)']
      watch$(asked, { stalledAfter: 30 }).subscribe()
      watch$([...Array<string>(50).fill('(p|)'), '(c|)']).subscribe()
      flush()
      expect(stalls(events)).toEqual([])
    })
  })

  test('emits no Stalled while attempts fail, and then one at the first poll that succeeds', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      const retry = { retries: 9, base: 20, cap: 20 }
      watch$(['(p|)', '(u|)', '(u|)', '(u|)', '(u|)', '(p|)', '(p|)', '(c|)'], {
        stalledAfter: 30,
        retry,
      }).subscribe()
      flush()
      // Retries wait 10 ms each.
      expect(stalls(events)).toEqual([[50, 'pending']])
    })
  })

  test('includes pauses in the time', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      const activity$ = new BehaviorSubject(true)
      timer(5).subscribe(() => {
        activity$.next(false)
      })
      timer(105).subscribe(() => {
        activity$.next(true)
      })
      watch$(['(p|)', '(p|)', '(c|)'], { stalledAfter: 30, activity$ }).subscribe()
      flush()
      expect(stalls(events)).toEqual([[110, 'pending']])
    })
  })
})

describe('isStalled of a view', () => {
  const stalled = uploadView(
    uploadView(waitingView, right(pending), 1),
    { _tag: 'Stalled', status: 'pending', unchangedFor: 30 },
    31,
  )

  test('is true from Stalled until the phase changes', () => {
    expect(stalled).toMatchObject({ phase: 'pending', isStalled: true })
    expect(uploadView(stalled, right({ ...pending }), 40).isStalled).toBe(true)
    expect(uploadView(stalled, right(processing), 40).isStalled).toBe(false)
    expect(uploadView(stalled, right(completed), 40).isStalled).toBe(false)
    expect('isStalled' in uploadView(waitingView, right(pending), 1)).toBe(false)
  })
})
