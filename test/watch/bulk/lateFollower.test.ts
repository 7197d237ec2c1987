import { describe, expect, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import type { Follower } from '../../../src/watch/bulk/sharedWatch'
import { type SharedWatches } from '../../../src/watch/bulk/sharedWatches'
import { completed, pending, processing } from '../../answers'
import { followerOf, refOf } from './fakeWatches'
import { inWorld, lost } from './sharedWorld'

describe('a late follower', () => {
  test('receives the event of the current request and the latest status in a later turn', () => {
    const seen = inWorld(({ shared, seen, follower, ask, emit, at }) => {
      shared.follow(refOf(1), followerOf())
      ask(1)
      emit(1, right(pending))
      ask(1)
      at(7, () => {
        shared.follow(refOf(1), follower('late'))
        expect(seen).toHaveLength(1)
      })
    })
    expect(seen.slice(1)).toEqual([
      [7, 'late u1 AttemptStarted'],
      [7, 'late u1 pending'],
    ])
  })

  test('receives the event of the current pause', () => {
    const seen = inWorld(({ shared, follower, happen }) => {
      shared.follow(refOf(1), followerOf())
      happen(1, { _tag: 'Paused' })
      happen(1, { _tag: 'Stalled', status: 'pending', unchangedFor: 1 })
      shared.follow(refOf(1), follower('late'))
    })
    expect(seen.slice(1)).toEqual([[0, 'late u1 Paused']])
  })

  test('receives the latest status alone between two requests', () => {
    const events: unknown[] = []
    const seen = inWorld(({ shared, follower, emit }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(pending))
      shared.follow(refOf(1), follower('late', { on: event => events.push(event) }))
    })
    expect(seen.slice(1)).toEqual([[0, 'late u1 pending']])
    expect(events).toEqual([])
  })

  test('receives nothing of a request or a pause that is over', () => {
    const seen = inWorld(({ shared, follower, ask, happen }) => {
      shared.follow(refOf(1), followerOf())
      ask(1)
      happen(1, { _tag: 'PollScheduled', wait: 1, polls: 1 })
      shared.follow(refOf(1), follower('late'))
    })
    expect(seen).toEqual([[0, 'start u1']])
  })

  test('receives no older event or status after newer ones', () => {
    const seen = inWorld(({ shared, follower, ask, emit, happen }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(pending))
      ask(1)
      shared.follow(refOf(1), follower('late'))
      emit(1, right(processing))
      happen(1, { _tag: 'Paused' })
    })
    expect(seen.slice(1)).toEqual([
      [0, 'late u1 processing'],
      [0, 'late u1 Paused'],
    ])
  })

  test.each<[string, (shared: SharedWatches, late: Follower) => void]>([
    [
      'leaves',
      (shared, late) => {
        shared.leave(late)
      },
    ],
    [
      'is removed',
      (shared, late) => {
        shared.remove(refOf(1), late)
      },
    ],
  ])('receives nothing if it %s first', (_, goes) => {
    const seen = inWorld(({ shared, follower, ask, emit }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(pending))
      ask(1)
      const late = follower('late')
      shared.follow(refOf(1), late)
      goes(shared, late)
    })
    expect(seen).toEqual([[0, 'start u1']])
  })

  test('receives no status if it leaves during the event', () => {
    const seen = inWorld(({ shared, follower, ask, emit }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(pending))
      ask(1)
      const late = follower('late', {
        on: () => {
          shared.leave(late)
        },
      })
      shared.follow(refOf(1), late)
    })
    expect(seen).toEqual([[0, 'start u1']])
  })

  test('receives no status of a watch that has failed', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      const again = follower('again')
      shared.follow(
        refOf(1),
        follower('a', {
          next: (_, value) => {
            if (isLeft(value)) shared.follow(refOf(1), again)
          },
        }),
      )
      emit(1, right(pending))
      emit(1, left(lost))
    })
    expect(seen.filter(([, what]) => what.startsWith('again'))).toEqual([])
  })

  test('receives the terminal status of a settled watch, without a new watch', () => {
    const seen = inWorld(({ shared, seen, follower, emit, at }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(completed))
      at(9, () => {
        expect(shared.follow(refOf(1), follower('late'))).toBe(true)
        expect(seen).toHaveLength(1)
      })
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [9, 'late u1 completed'],
      [9, 'late complete'],
    ])
  })

  test('receives the terminal status once, even if it follows again first', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(completed))
      const late = follower('late')
      expect(shared.follow(refOf(1), late)).toBe(true)
      expect(shared.follow(refOf(1), late)).toBe(false)
    })
    expect(seen.slice(1)).toEqual([
      [0, 'late u1 completed'],
      [0, 'late complete'],
    ])
  })

  test('receives no terminal status if it is removed first', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      shared.follow(refOf(1), followerOf())
      emit(1, right(completed))
      const late = follower('late')
      shared.follow(refOf(1), late)
      expect(shared.remove(refOf(1), late)).toBe(true)
      expect(shared.remove(refOf(1), late)).toBe(false)
    })
    expect(seen).toEqual([[0, 'start u1']])
  })
})
