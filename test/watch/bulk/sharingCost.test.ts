import { describe, expect, jest, test } from '@jest/globals'
import { shareWatches } from '../../../src/watch/bulk/sharedWatches'
import { keepsActivity } from '../../../src/watch/event'
import { fakeWatches, followerOf, refOf } from './fakeWatches'

// Each of these takes minutes if one change visits all watches or all followers.
jest.setTimeout(40_000)
describe('the cost of a change does not grow with the number of watches or followers', () => {
  test('20,000 followers leave a client that has 200,000 watches', () => {
    const { watches, running } = fakeWatches()
    const shared = shareWatches(watches, 250)
    const stream = followerOf()
    for (let i = 0; i < 200_000; i += 1) shared.follow(refOf(i), stream)
    for (let i = 0; i < 20_000; i += 1) {
      const follower = followerOf()
      shared.follow(refOf(200_000 + i), follower)
      shared.follow(refOf(i), follower)
      shared.leave(follower)
    }
    expect(running.size).toBe(200_000)
    shared.leave(stream)
    expect(running.size).toBe(0)
  })

  test('10,000 followers of one upload join, receive 50 polls, and leave', () => {
    const { watches, running } = fakeWatches()
    const shared = shareWatches(watches, 250)
    let events = 0
    const followers = Array.from({ length: 10_000 }, () =>
      followerOf({
        on: () => {
          events += 1
        },
      }),
    )
    for (const follower of followers) expect(shared.follow(refOf(1), follower)).toBe(true)
    for (let i = 0; i < 50; i += 1)
      shared.notify({ _tag: 'PollScheduled', wait: 1, polls: i, at: i, ...refOf(1) })
    expect(events).toBe(500_000)
    for (const follower of followers) shared.leave(follower)
    expect(running.size).toBe(0)
  })

  test('a poll without a new status calls no follower without an event listener', () => {
    const { watches } = fakeWatches()
    const shared = shareWatches(watches, 250)
    let looks = 0
    for (let i = 0; i < 10_000; i += 1) {
      const follower = followerOf()
      Object.defineProperty(follower, 'on', {
        get: () => {
          looks += 1
          return undefined
        },
      })
      shared.follow(refOf(1), follower)
    }
    looks = 0
    const event = { _tag: 'PollScheduled', wait: 1, polls: 1, at: 1, ...refOf(1) } as const
    expect(keepsActivity(event)).toBe(false)
    shared.notify(event)
    expect(looks).toBe(0)
  })
})
