import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { ok, pending } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const broken = new Error('the clock is broken')

describe.each(engines)('a clock that breaks, with %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test.each<[string, () => number, string]>([
    ['returns NaN', () => NaN, 'must return a finite number of milliseconds, not NaN'],
    [
      'throws',
      () => {
        throw broken
      },
      'threw; it must return milliseconds',
    ],
  ])('and %s errors the watch', (_, breaks, message) => {
    inVirtualTime({ p: ok(pending) }, ({ watch$, scheduler, requests, flush }) => {
      const seen: unknown[] = []
      const clock = (): number => (scheduler.now() < 15 ? scheduler.now() : breaks())
      watch$(['(p|)'], { clock }).subscribe({
        next: value => seen.push(value),
        error: (defect: unknown) => seen.push(String(defect)),
        complete: () => seen.push('complete'),
      })
      scheduler.maxFrames = 10_000
      flush()
      expect(seen).toEqual([right(pending), `TypeError: clock ${message}`])
      expect(requests.length).toBeLessThanOrEqual(3)
    })
  })

  test('errors the watch once, whichever of its readings is the first invalid one', () => {
    for (let valid = 1; valid < 40; valid += 1)
      inVirtualTime({ p: ok(pending) }, ({ watch$, scheduler, events, flush }) => {
        const ends: string[] = []
        let readings = 0
        const clock = (): number => ((readings += 1) > valid ? NaN : scheduler.now())
        watch$(['(p|)'], { clock }).subscribe({
          error: (defect: unknown) => ends.push(String(defect)),
          complete: () => ends.push('complete'),
        })
        flush()
        expect(ends).toEqual([
          'TypeError: clock must return a finite number of milliseconds, not NaN',
        ])
        expect(events.filter(({ _tag }) => _tag === 'Stopped')).toEqual([events.at(-1)])
      })
  })
})
