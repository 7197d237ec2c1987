import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { takenPlaces } from '../../src/pipeline/takenPlaces'

describe('taken places', () => {
  test('are free again at their time', () => {
    const places = takenPlaces()
    places.take(2, 10)
    places.take(1, 20)
    expect([0, 9, 10, 19, 20].map(places.taken)).toEqual([3, 3, 1, 1, 0])
  })

  test('tell when so many of them are free', () => {
    const places = takenPlaces()
    places.take(2, 10)
    places.take(1, 20)
    expect([1, 2, 3, 4].map(many => places.untilFree(many, 5))).toEqual([5, 5, 15, Infinity])
  })

  test('are kept to the millisecond, and never shorter than they were taken for', () => {
    const places = takenPlaces()
    places.take(1, 9.2)
    places.take(1, 9.8)
    expect([9.9, 10].map(places.taken)).toEqual([2, 0])
  })

  const step = fc.record({
    after: fc.nat({ max: 20 }),
    places: fc.integer({ min: 1, max: 5 }),
    lasts: fc.nat({ max: 60 }),
  })

  test('agree with a list of all that were ever taken', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const places = takenPlaces()
        const ever: { readonly until: number; readonly places: number }[] = []
        let now = 0
        for (const { after, places: many, lasts } of steps) {
          now += after
          places.take(many, now + lasts)
          ever.push({ until: now + lasts, places: many })
          const still = ever
            .filter(({ until }) => until > now)
            .sort((a, b) => a.until - b.until)
            .flatMap(each => Array<number>(each.places).fill(each.until))
          expect(places.taken(now)).toBe(still.length)
          for (const wanted of [1, 2, 7])
            expect(places.untilFree(wanted, now)).toBe((still[wanted - 1] ?? Infinity) - now)
        }
      }),
    )
  })
})
