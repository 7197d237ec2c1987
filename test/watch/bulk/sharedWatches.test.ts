import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { cancelled } from '../../../src/failure/failure'
import type { InContext } from '../../../src/runtime/context'
import type { Follower } from '../../../src/watch/bulk/sharedWatch'
import { shareWatches, shareWatchesAndEvents } from '../../../src/watch/bulk/sharedWatches'
import type { WatchEvent } from '../../../src/watch/event'
import { completed, pending } from '../../answers'
import { fakeWatches, followerOf, refOf } from './fakeWatches'
import { grace, inWorld, lost } from './sharedWorld'

describe('followers of one upload', () => {
  test('share its watch: each receives its values, and completes after a terminal status', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      shared.follow(refOf(1), follower('a'))
      shared.follow(refOf(1), follower('b'))
      emit(1, right(pending))
      emit(1, right(completed))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'a u1 pending'],
      [0, 'b u1 pending'],
      [0, 'a u1 completed'],
      [0, 'b u1 completed'],
      [0, 'a complete'],
      [0, 'b complete'],
    ])
  })

  test('receive nothing if they leave during a call to another follower', () => {
    const seen = inWorld(({ shared, follower, emit, happen }) => {
      const second = follower('second')
      const leaves = (): void => {
        shared.leave(second)
      }
      shared.follow(refOf(1), follower('first', { next: leaves }))
      shared.follow(refOf(1), second)
      emit(1, right(pending))
      shared.follow(refOf(2), follower('first', { on: leaves }))
      shared.follow(refOf(2), second)
      happen(2, { _tag: 'Paused' })
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'start u2'],
    ])
  })

  test('receive a value only once if they join during a call to another follower', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      const late = follower('late')
      const joins = (): void => {
        shared.follow(refOf(1), late)
      }
      shared.follow(refOf(1), follower('first', { next: joins }))
      shared.follow(refOf(1), follower('second'))
      emit(1, right(pending))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'second u1 pending'],
      [0, 'late u1 pending'],
    ])
  })

  test('follow an upload once, even if they follow it again', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      const twice = follower('a')
      expect(shared.follow(refOf(1), twice)).toBe(true)
      expect(shared.follow(refOf(1), twice)).toBe(false)
      shared.follow(refOf(1), follower('b'))
      emit(1, right(pending))
      shared.leave(twice)
      expect(shared.follow(refOf(1), twice)).toBe(true)
    })
    expect(seen.filter(([, what]) => what === 'a u1 pending')).toHaveLength(2)
  })

  test('receive a defect, and the next follower starts a new watch', () => {
    const seen = inWorld(({ shared, follower, watchOf }) => {
      shared.follow(refOf(1), follower('a'))
      shared.follow(refOf(1), follower('b'))
      watchOf(1).observer.error(new Error('a bug'))
      shared.follow(refOf(1), follower('c'))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'a Error: a bug'],
      [0, 'b Error: a bug'],
      [0, 'start u1'],
    ])
  })

  test('start a new watch after a failure', () => {
    const seen = inWorld(({ shared, follower, emit }) => {
      shared.follow(refOf(1), follower('a'))
      emit(1, left(lost))
      shared.follow(refOf(1), follower('b'))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'a u1 Unreachable'],
      [0, 'a complete'],
      [0, 'start u1'],
    ])
  })

  test('change the priority: the latest one counts, if the watches have priorities', () => {
    const seen = inWorld(({ shared, follower, watchOf }) => {
      shared.follow({ ...refOf(1), priority: 3 }, follower('a'))
      expect(watchOf(1).ref.priority).toBe(3)
      shared.follow(refOf(1), follower('b'))
      shared.follow({ ...refOf(1), priority: 0 }, follower('c'))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'prioritize u1 0'],
    ])
    const { watches } = fakeWatches()
    const without = shareWatches(watches, grace)
    without.follow(refOf(1), followerOf())
    expect(without.follow({ ...refOf(1), priority: 1 }, followerOf())).toBe(true)
  })

  test('may join and leave while the watch starts, which may report its pause then', () => {
    const seen = inWorld(({ shared, follower, whenStarted, happen }) => {
      whenStarted(1, () => {
        happen(1, { _tag: 'Paused' })
        const [early, cancelling] = [follower('early'), follower('cancelling')]
        shared.follow({ ...refOf(1), priority: 1 }, early)
        shared.follow(refOf(1), cancelling)
        shared.cancel(cancelling, cancelled('left'))
        shared.leave(early)
      })
      shared.follow(refOf(1), follower('a'))
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'cancelling u1 Cancelled'],
      [0, 'cancelling complete'],
      [0, 'a u1 Paused'],
    ])
  })

  test('keep only the members of a reference that a watch needs', () => {
    inWorld(({ shared, follower, watchOf }) => {
      const named = { ...refOf(1), hint: 5, file: 'large' }
      shared.follow(named, follower('a'))
      expect(watchOf(1).ref).toStrictEqual({ ...refOf(1), hint: 5 })
    })
  })
})

describe('contexts', () => {
  /** A context that records its name before each call in it. */
  const named =
    (name: string, calls: string[]): InContext =>
    (work, ...args) => {
      calls.push(name)
      work(...args)
    }

  test('each follower is called in its own context', () => {
    const calls: string[] = []
    inWorld(({ shared, ask, emit }) => {
      for (const name of ['a', 'b'])
        shared.follow(refOf(1), followerOf({ inContext: named(name, calls), on: () => undefined }))
      ask(1)
      emit(1, right(completed))
      shared.follow(refOf(1), followerOf({ inContext: named('late', calls) }))
    })
    expect(calls.join(' ')).toBe('a b a b a b late late')
  })

  test('a watch runs in the context of its first follower, or in its own without followers', () => {
    const calls: string[] = []
    inWorld(({ shared, ask, watchOf }) => {
      const [a, b] = ['a', 'b'].map(name => followerOf({ inContext: named(name, calls) }))
      const call = (): void => {
        watchOf(1).observer.inContext(() => calls.push('called'))
      }
      for (const follower of [a, b]) if (follower !== undefined) shared.follow(refOf(1), follower)
      ask(1)
      for (const follower of [a, b]) {
        call()
        if (follower !== undefined) shared.leave(follower)
      }
      call()
    })
    expect(calls.join(' ')).toBe('a called b called called')
  })
})

test('events go to the followers of their upload, then to the listener for all uploads', () => {
  const seen: string[] = []
  const listeners: ((event: WatchEvent) => void)[] = []
  const { watches } = fakeWatches()
  const watchesOf = ({ on }: Pick<Follower, 'on'>): typeof watches => {
    if (on !== undefined) listeners.push(on)
    return watches
  }
  const noted = (name: string) => ({
    on: ({ upload }: WatchEvent) => seen.push(`${name} ${upload}`),
  })
  for (const settings of [noted('all'), {}]) {
    const shared = shareWatchesAndEvents(watchesOf, settings, grace)
    shared.follow(refOf(1), followerOf(noted('a')))
    shared.follow(refOf(2), followerOf(noted('b')))
    listeners.at(-1)?.({ _tag: 'Paused', ...refOf(2), at: 0 })
    listeners.at(-1)?.({ _tag: 'Paused', ...refOf(3), at: 0 })
  }
  expect(seen).toEqual(['b u2', 'all u2', 'all u3', 'b u2'])
})
