import { describe, expect, test } from '@jest/globals'
import { timer } from 'rxjs'
import { completed, ok, pending } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const answers = { p: ok(pending), c: ok(completed) }

describe.each(engines)('the last event of a watch by %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test.each([
    ['in flight', '-----p|', 3],
    ['between two polls', '(p|)', 3],
  ])('is Stopped where its subscriber leaves: %s', (_when, request, leftAt) => {
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

  test('is Settled where it ends, and no Stopped follows', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      watch$(['(p|)', '(c|)']).subscribe()
      flush()
      expect(events.map(({ _tag }) => _tag)).not.toContain('Stopped')
      expect(events.at(-1)?._tag).toBe('Settled')
    })
  })

  test('is Stopped where a defect ends it', () => {
    inVirtualTime(answers, ({ watch$, events, flush }) => {
      watch$(['(p|)'], { schedule: () => NaN }).subscribe({ error: () => undefined })
      flush()
      expect(events.at(-1)?._tag).toBe('Stopped')
    })
  })
})
