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

describe('a forecast', () => {
  test('learns each platform by itself', () => {
    const learned = forecast()
    const fresh = forecast()
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 2 * second, 3 * second), completed)
    const worthAt = (upload: string, by: typeof fresh): number =>
      by.worth(polledAt(upload, 0, 0), 5 * second)
    expect(worthAt(fansly, learned)).toBe(worthAt(fansly, fresh))
    expect(worthAt(onlyFans, learned)).toBeGreaterThan(2 * worthAt(onlyFans, fresh))
  })

  test('learns how far a hint can be trusted, and by it what a poll before the hint is worth', () => {
    const learned = forecast()
    const fresh = forecast()
    // They take half of what is said.
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 9 * second, 10 * second, 20 * second), completed)
    const worthOf = (by: typeof fresh, knownAge = 0, age = 35): number =>
      by.worth(polledAt(onlyFans, knownAge * second, 0, 60 * second), age * second)
    expect(worthOf(learned)).toBeGreaterThan(2 * worthOf(fresh))
    // A poll is worth little where the hint says that it is too early, or right after another one.
    expect(worthOf(learned, 0, 12)).toBeLessThan(worthOf(fresh, 0, 12))
    expect(worthOf(learned, 34, 35)).toBeLessThan(worthOf(learned) / 10)
  })

  test('says how late the last ends were noticed, and takes no poll that found none for one', () => {
    const learned = forecast()
    expect(learned.lateness()).toBe(0)
    learned.polled(polledAt(onlyFans, 0, 4 * second), pending)
    expect(learned.lateness()).toBe(0)
    learned.polled(polledAt(onlyFans, 4 * second, 8 * second), completed)
    expect(learned.lateness()).toBeGreaterThan(second)
    expect(learned.lateness()).toBeLessThan(3 * second)
  })

  test('says the same lateness as long as ends are noticed as late', () => {
    const learned = forecast()
    for (let nth = 0; nth < 100; nth += 1)
      learned.polled(polledAt(onlyFans, 4 * second, 8 * second), completed)
    expect(learned.lateness()).toBeGreaterThan(second)
    expect(learned.lateness()).toBeLessThan(3 * second)
  })
})
