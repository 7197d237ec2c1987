import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { Subject, timer } from 'rxjs'
import type { UploadStatus } from '../../src/api/status'
import type { WatchEvent } from '../../src/watch/event'
import { spaced } from '../../src/watch/schedule'
import { completed, ok, pending, processing, pushing } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const answers = { p: ok(pending), c: ok(completed) }

describe.each(engines)('the last event of a watch by %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test.each([
    ['during a request', '-----p|', 3],
    ['between two polls', '(p|)', 3],
  ])('is Stopped if its subscriber unsubscribes %s', (_when, request, leftAt) => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      const watching = watch$([request]).subscribe()
      timer(leftAt).subscribe(() => {
        watching.unsubscribe()
      })
      flush()
      expect(events.filter(({ _tag }) => _tag === 'Stopped')).toEqual([events.at(-1)])
      expect(events.at(-1)).toMatchObject({ _tag: 'Stopped', at: leftAt })
    })
  })

  test('is Settled if it ends, without a Stopped', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      watch$(['(p|)', '(c|)']).subscribe()
      flush()
      expect(events.map(({ _tag }) => _tag)).not.toContain('Stopped')
      expect(events.at(-1)?._tag).toBe('Settled')
    })
  })

  test('is Settled, even if its listener then pushes another status', () => {
    inVirtualTime(answers, ({ watch$, flush }) => {
      const push$ = new Subject<UploadStatus>()
      const seen: string[] = []
      const on = ({ _tag }: WatchEvent): void => {
        seen.push(_tag)
        if (_tag === 'Settled') push$.next(processing)
      }
      const values: unknown[] = []
      watch$(['(c|)'], { push: pushing(push$), on }).subscribe(value => values.push(value))
      flush()
      expect(values).toEqual([right(completed)])
      expect(seen.at(-1)).toBe('Settled')
    })
  })

  test('is Settled, even if its listener then resumes polling after the deadline', () => {
    inVirtualTime(answers, ({ watch$, scheduler, flush }) => {
      const activity$ = new Subject<boolean>()
      const seen: string[] = []
      const controller = new AbortController()
      let readings = 0
      const clock = (): number => {
        readings += 1
        return scheduler.now()
      }
      const on = ({ _tag }: WatchEvent): void => {
        seen.push(_tag)
        if (_tag === 'Settled') activity$.next(true)
      }
      const settings = { activity$, clock, deadline: 100, signal: controller.signal, on }
      watch$(['(p|)'], settings).subscribe()
      timer(50).subscribe(() => {
        activity$.next(false)
      })
      timer(200).subscribe(() => {
        readings = 0
        controller.abort()
      })
      flush()
      expect(seen.at(-1)).toBe('Settled')
      expect(readings).toBeLessThan(20)
    })
  })

  test('is Stopped if its clock breaks', () => {
    inVirtualTime(answers, ({ watch$, scheduler, events, flush }) => {
      const defects: unknown[] = []
      const clock = (): number => (scheduler.now() < 15 ? scheduler.now() : NaN)
      watch$(['(p|)'], { clock }).subscribe({ error: (defect: unknown) => defects.push(defect) })
      flush()
      expect(defects).toHaveLength(1)
      expect(events.at(-1)).toMatchObject({ _tag: 'Stopped', at: 10 })
    })
  })

  test('is Stopped if its subscriber unsubscribes while its clock is broken, which does not throw', () => {
    inVirtualTime(answers, ({ watch$, scheduler, events, flush }) => {
      const clock = (): number => (scheduler.now() < 15 ? scheduler.now() : NaN)
      const watching = watch$(['(p|)'], { clock, schedule: spaced(100) }).subscribe()
      timer(15).subscribe(() => {
        watching.unsubscribe()
      })
      flush()
      expect(events.at(-1)).toMatchObject({ _tag: 'Stopped', at: 0 })
    })
  })

  test('is Stopped if a defect ends it', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      watch$(['(p|)'], { schedule: () => NaN }).subscribe({ error: () => undefined })
      flush()
      expect(events.at(-1)?._tag).toBe('Stopped')
    })
  })
})
