import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { cancelled } from '../../../src/failure/failure'
import type { Watched } from '../../../src/watch/event'
import { completed, pending, processing } from '../../answers'
import { marbles } from '../../marbles'
import { followerOf, refOf } from './fakeWatches'
import { grace, inWorld, type World } from './sharedWorld'

describe('when its last follower leaves, a watch', () => {
  test('stops immediately before its first request', () => {
    const seen = inWorld(({ shared, follower }) => {
      const only = follower('a')
      shared.follow(refOf(1), only)
      shared.leave(only)
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [0, 'stop u1'],
    ])
  })

  test('stops immediately without a grace', () => {
    const seen = inWorld(({ shared, seen, ask }) => {
      const only = followerOf()
      shared.follow(refOf(1), only)
      ask(1)
      shared.leave(only)
      expect(seen.at(-1)).toEqual([0, 'stop u1'])
    }, 0)
    expect(seen).toHaveLength(2)
  })

  test.each<[string, (world: World) => void]>([
    [
      'its first request is in flight',
      ({ watchOf }) => {
        watchOf(1).asking = {}
      },
    ],
    [
      'a request was answered',
      ({ emit, watchOf }) => {
        watchOf(1).watch.attempts = 1
        emit(1, right(pending))
      },
    ],
  ])('continues for the grace if %s', (_, begin) => {
    const seen = inWorld(world => {
      const { shared, at } = world
      const [one, other] = [followerOf(), followerOf()]
      shared.follow(refOf(1), one)
      shared.follow(refOf(1), other)
      begin(world)
      at(10, () => {
        shared.leave(one)
      })
      at(20, () => {
        shared.leave(other)
      })
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [20 + grace, 'stop u1'],
    ])
  })

  test('continues if another follower joins within the grace', () => {
    const seen = inWorld(({ shared, ask, at, follower }) => {
      const only = followerOf()
      shared.follow(refOf(1), only)
      ask(1)
      shared.leave(only)
      at(grace - 1, () => {
        shared.follow(refOf(1), follower('b'))
      })
    })
    expect(seen).toEqual([
      [0, 'start u1'],
      [grace - 1, 'b u1 AttemptStarted'],
    ])
  })

  test('leaves no timer if it settles within the grace', () => {
    const seen: unknown[] = []
    const ended = marbles(() => {
      seen.push(
        ...inWorld(({ shared, ask, emit }) => {
          const only = followerOf()
          shared.follow(refOf(1), only)
          ask(1)
          shared.leave(only)
          emit(1, right(completed))
          shared.follow(refOf(1), followerOf())
        }),
      )
    })
    expect([ended, seen]).toEqual([0, [[0, 'start u1']]])
  })
})

describe('removing an upload from a follower', () => {
  test('stops the watch immediately if that was the only follower, which receives Stopped', () => {
    const seen = inWorld(({ shared, ask, follower }) => {
      const only = follower('a')
      shared.follow(refOf(1), only)
      shared.follow(refOf(2), only)
      ask(1)
      expect(shared.remove(refOf(1), only)).toBe(true)
      expect(shared.remove(refOf(1), only)).toBe(false)
      shared.leave(only)
    })
    expect(seen.slice(2)).toEqual([
      [0, 'a u1 AttemptStarted'],
      [0, 'stop u1'],
      [0, 'a u1 Stopped'],
      [0, 'stop u2'],
    ])
  })

  test('continues the watch for the other followers', () => {
    const seen = inWorld(({ shared, emit, follower }) => {
      const one = follower('a')
      shared.follow(refOf(1), one)
      shared.follow(refOf(1), follower('b'))
      expect(shared.remove(refOf(1), one)).toBe(true)
      emit(1, right(pending))
    })
    expect(seen.slice(1)).toEqual([[0, 'b u1 pending']])
  })

  test('does nothing if the follower does not follow it', () => {
    const seen = inWorld(({ shared, emit, follower }) => {
      shared.follow(refOf(1), follower('a'))
      expect(shared.remove(refOf(1), follower('b'))).toBe(false)
      expect(shared.remove(refOf(2), follower('a'))).toBe(false)
      emit(1, right(pending))
    })
    expect(seen.slice(1)).toEqual([[0, 'a u1 pending']])
  })

  test('passes Stopped to the follower, even if other watches stop or continue within the call', () => {
    const seen = inWorld(({ shared, follower, whenStopped, happen }) => {
      const [one, other] = [follower('a'), follower('b')]
      shared.follow(refOf(1), one)
      shared.follow(refOf(2), other)
      whenStopped(1, () => {
        happen(2, { _tag: 'Paused' })
        shared.remove(refOf(2), other)
      })
      shared.remove(refOf(1), one)
    })
    expect(seen.slice(2)).toEqual([
      [0, 'stop u1'],
      [0, 'b u2 Paused'],
      [0, 'stop u2'],
      [0, 'b u2 Stopped'],
      [0, 'a u1 Stopped'],
    ])
  })

  test('passes the events of a new watch of the upload to its followers', () => {
    const seen = inWorld(({ shared, follower, whenStopped, ask }) => {
      const one = follower('a')
      shared.follow(refOf(1), one)
      shared.remove(refOf(1), one)
      whenStopped(1, () => undefined)
      shared.follow(refOf(1), follower('b'))
      ask(1)
    })
    expect(seen.slice(3)).toEqual([
      [0, 'start u1'],
      [0, 'b u1 AttemptStarted'],
    ])
  })
})

describe('a follower whose signal aborts', () => {
  test('receives Cancelled with its circumstances for each upload, while others continue', () => {
    const failures: Watched[] = []
    const seen = inWorld(({ shared, follower, ask, emit, at }) => {
      const one = follower('a', {
        startedAt: 3,
        next: (_, value) => failures.push(value),
      })
      shared.follow(refOf(1), one)
      shared.follow(refOf(2), one)
      shared.follow(refOf(1), follower('b'))
      ask(1)
      emit(1, right(pending))
      at(10, () => {
        shared.cancel(one, cancelled('left'))
        shared.cancel(one, cancelled('left'))
        emit(1, right(processing))
      })
    })
    const circumstances = { attempts: 1, elapsed: 7, lastStatus: 'pending' }
    expect(failures).toEqual([
      right(pending),
      left({ ...cancelled('left'), ...circumstances }),
      left({ ...cancelled('left'), attempts: 0, elapsed: 7, lastStatus: null }),
    ])
    expect(seen.slice(2)).toEqual([
      [0, 'a u1 AttemptStarted'],
      [0, 'b u1 AttemptStarted'],
      [0, 'b u1 pending'],
      [10, 'stop u2'],
      [10, 'a complete'],
      [10, 'a complete'],
      [10, 'b u1 processing'],
    ])
  })

  test('starts no watch if it was already aborted', () => {
    const values: Watched[] = []
    const seen = inWorld(({ shared, follower }) => {
      const signal = AbortSignal.abort('left')
      shared.follow(refOf(1), follower('a', { signal, next: (_, value) => values.push(value) }))
      expect(values).toEqual([])
    })
    expect(values).toEqual([left(cancelled('left'))])
    expect(seen).toEqual([[0, 'a complete']])
  })

  test('follows as usual until then', () => {
    const seen = inWorld(({ shared, follower }) => {
      shared.follow(refOf(1), follower('a', { signal: new AbortController().signal }))
    })
    expect(seen).toEqual([[0, 'start u1']])
  })
})

test('closing ends all watches, even within their grace, and all later ones', () => {
  const seen = inWorld(({ shared, follower, ask, at }) => {
    const gone = followerOf()
    shared.follow(refOf(1), gone)
    shared.follow(refOf(2), follower('a'))
    shared.follow({ ...refOf(2), account: 'acct_2' }, follower('b'))
    ask(1)
    shared.leave(gone)
    shared.close(cancelled('closed'))
    at(5, () => {
      shared.follow(refOf(1), follower('late'))
    })
  })
  expect(seen.slice(3)).toEqual([
    [0, 'stop u2'],
    [0, 'a u2 Cancelled'],
    [0, 'a complete'],
    [0, 'stop u2'],
    [0, 'b u2 Cancelled'],
    [0, 'b complete'],
    [0, 'stop u1'],
    [5, 'late u1 Cancelled'],
    [5, 'late complete'],
  ])
})
