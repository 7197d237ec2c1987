import { describe, expect, test } from '@jest/globals'
import type { PolledUpload } from '../../src/budget/polledUpload'
import { forecast } from '../../src/budget/forecast'
import { completed, pending } from '../answers'

const second = 1_000

const polledAt = (upload: string, knownAge: number, age: number, hint?: number): PolledUpload => ({
  ref: { account: 'acct_1', upload, hint },
  knownAge,
  age,
  attempt: 1,
})

const onlyFans = 'ofapi_media_1'
const fansly = 'fansly_media_1'

describe('forecast', () => {
  test('learns each platform separately', () => {
    const learned = forecast()
    const fresh = forecast()
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 2 * second, 3 * second), completed)
    const worthAt = (upload: string, by: typeof fresh): number =>
      by.worth(polledAt(upload, 0, 0), 5 * second)
    expect(worthAt(fansly, learned)).toBe(worthAt(fansly, fresh))
    expect(worthAt(onlyFans, learned)).toBeGreaterThan(2 * worthAt(onlyFans, fresh))
  })

  test('learns how accurate hints are, and values a poll before the hinted time accordingly', () => {
    const learned = forecast()
    const fresh = forecast()
    // Each upload takes half of its hint.
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 9 * second, 10 * second, 20 * second), completed)
    const worthOf = (by: typeof fresh, knownAge = 0, age = 35): number =>
      by.worth(polledAt(onlyFans, knownAge * second, 0, 60 * second), age * second)
    expect(worthOf(learned)).toBeGreaterThan(2 * worthOf(fresh))
    // A poll is worth little if it is too early by the hint, or right after another one.
    expect(worthOf(learned, 0, 12)).toBeLessThan(worthOf(fresh, 0, 12))
    expect(worthOf(learned, 34, 35)).toBeLessThan(worthOf(learned) / 10)
  })

  test('reports how late the last ends were detected, and ignores polls of pending uploads', () => {
    const learned = forecast()
    expect(learned.lateness()).toBe(0)
    learned.polled(polledAt(onlyFans, 0, 4 * second), pending)
    expect(learned.lateness()).toBe(0)
    learned.polled(polledAt(onlyFans, 4 * second, 8 * second), completed)
    expect(learned.lateness()).toBeGreaterThan(second)
    expect(learned.lateness()).toBeLessThan(3 * second)
  })

  test('keeps the lateness constant while ends are detected equally late', () => {
    const learned = forecast()
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 4 * second, 8 * second), completed)
    expect(learned.lateness()).toBeGreaterThan(second)
    expect(learned.lateness()).toBeLessThan(3 * second)
  })
})
