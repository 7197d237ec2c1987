import { describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import type { Observer } from 'rxjs'
import { direct } from '../../../src/runtime/context'
import type { Follower, Shareable } from '../../../src/watch/bulk/sharedWatch'
import { shareWatches, type ShareableWatches } from '../../../src/watch/bulk/sharedWatches'
import { pending } from '../../answers'
import type { ExpectedUpload } from '../../../src/api/uploadRef'
import { keepsActivity, type Watched } from '../../../src/watch/event'
import { after } from '../../../src/runtime/wait'

interface Fake extends Shareable {
  readonly ref: ExpectedUpload
  readonly observer: Observer<Watched>
}

/** Watches that make no request, and those that are running now. */
const fakeWatches = (): { watches: ShareableWatches<Fake>; running: Map<string, Fake> } => {
  const running = new Map<string, Fake>()
  return {
    running,
    watches: {
      start: (ref, observer) => {
        const watch = { attempts: 0, status: null }
        const fake: Fake = { ref, observer, watch, asking: null, isOver: false }
        running.set(ref.upload, fake)
        return fake
      },
      stop: ({ ref }) => {
        running.delete(ref.upload)
      },
      after,
    },
  }
}

const nothing = (): void => undefined
const followerOf = (members: Partial<Follower> = {}): Follower => ({
  inContext: direct,
  startedAt: 0,
  next: nothing,
  complete: nothing,
  error: nothing,
  ...members,
})
const refOf = (nth: number): ExpectedUpload => ({ account: 'acct_1', upload: `u${String(nth)}` })

// Each of these takes minutes where one change walks all watches, or all followers.
jest.setTimeout(40_000)
describe('what changes costs in proportion to what changes', () => {
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

describe('followers of one upload', () => {
  const valueTo = (running: Map<string, Fake>): void => {
    running.get('u1')?.observer.next(right(pending))
  }

  test('one that leaves while another is called receives nothing', () => {
    const { watches, running } = fakeWatches()
    const shared = shareWatches(watches, 250)
    const seen: string[] = []
    const second = followerOf({ next: () => seen.push('second') })
    const first = followerOf({
      next: () => {
        seen.push('first')
        shared.leave(second)
      },
    })
    shared.follow(refOf(1), first)
    shared.follow(refOf(1), second)
    valueTo(running)
    expect(seen).toEqual(['first'])
  })

  test('one that joins while another is called receives nothing twice', () => {
    const { watches, running } = fakeWatches()
    const shared = shareWatches(watches, 250)
    const seen: string[] = []
    const late = followerOf({ next: () => seen.push('late') })
    const first = followerOf({
      next: () => {
        seen.push('first')
        shared.follow(refOf(1), late)
      },
    })
    shared.follow(refOf(1), first)
    shared.follow(refOf(1), followerOf({ next: () => seen.push('second') }))
    valueTo(running)
    expect(seen).toEqual(['first', 'second'])
  })

  test('a follower follows an upload once', () => {
    const { watches } = fakeWatches()
    const shared = shareWatches(watches, 250)
    const follower = followerOf()
    expect(shared.follow(refOf(1), follower)).toBe(true)
    expect(shared.follow(refOf(1), follower)).toBe(false)
    shared.leave(follower)
    expect(shared.follow(refOf(1), follower)).toBe(true)
  })
})
