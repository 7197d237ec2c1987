import { isLeft, type Either } from 'fp-ts/Either'
import type { UploadStatus } from '../../../src/api/status'
import { unreachable } from '../../../src/failure/failure'
import type { Follower } from '../../../src/watch/bulk/sharedWatch'
import { shareWatches, type SharedWatches } from '../../../src/watch/bulk/sharedWatches'
import type { Happening, Watched } from '../../../src/watch/event'
import { marbles, type Marbles } from '../../marbles'
import { fakeWatches, followerOf, refOf, type Fake } from './fakeWatches'

export const grace = 250
export const lost = unreachable('ECONNRESET')

export interface World extends Marbles {
  readonly shared: SharedWatches
  /** The events of the test, with their times. */
  readonly seen: (readonly [at: number, what: string])[]
  /** A follower with an event listener that records what it receives under its name. */
  readonly follower: (name: string, members?: Partial<Follower>) => Follower
  readonly running: ReadonlyMap<string, Fake>
  /** The running watch of an upload. */
  readonly watchOf: (nth: number) => Fake
  /** Sends an attempt of an upload. */
  readonly ask: (nth: number) => void
  /** Emits a status or a failure of an upload. */
  readonly emit: (nth: number, value: Either<typeof lost, UploadStatus>) => void
  readonly happen: (nth: number, event: Happening) => void
  /** Runs work while the watch of an upload starts. */
  readonly whenStarted: (nth: number, work: () => void) => void
  /** Runs work when the watch of an upload stops, before its event. */
  readonly whenStopped: (nth: number, work: () => void) => void
}

const shown = (value: Watched): string => (isLeft(value) ? value.left._tag : value.right.status)

/** Runs a test in virtual time, with watches that the test drives. */
export const inWorld = (test: (world: World) => void, wait = grace): World['seen'] => {
  const seen: (readonly [number, string])[] = []
  marbles(helpers => {
    const { clock } = helpers
    const { watches, running } = fakeWatches()
    const starting = new Map<string, () => void>()
    const stopping = new Map<string, () => void>()
    const note = (what: string): void => {
      seen.push([clock(), what])
    }
    const happen = (nth: number, event: Happening): void => {
      shared.notify({ ...event, ...refOf(nth), at: clock() })
    }
    const watchOf = (nth: number): Fake => {
      const fake = running.get(refOf(nth).upload)
      if (fake === undefined) throw new Error('is not running')
      return fake
    }
    const shared = shareWatches(
      {
        ...watches,
        start: (ref, observer) => {
          note(`start ${ref.upload}`)
          starting.get(ref.upload)?.()
          return watches.start(ref, observer)
        },
        stop: fake => {
          note(`stop ${fake.ref.upload}`)
          watches.stop(fake)
          stopping.get(fake.ref.upload)?.()
          shared.notify({ _tag: 'Stopped', ...fake.ref, at: clock() })
        },
        prioritize: (fake, priority) => {
          note(`prioritize ${fake.ref.upload} ${String(priority)}`)
        },
      },
      wait,
    )
    test({
      ...helpers,
      shared,
      seen,
      running,
      watchOf,
      happen,
      whenStarted: (nth, work) => starting.set(refOf(nth).upload, work),
      whenStopped: (nth, work) => stopping.set(refOf(nth).upload, work),
      follower: (name, members) =>
        followerOf({
          next: ({ upload }, value) => {
            note(`${name} ${upload} ${shown(value)}`)
          },
          on: ({ upload, _tag }) => {
            note(`${name} ${upload} ${_tag}`)
          },
          complete: () => {
            note(`${name} complete`)
          },
          error: defect => {
            note(`${name} ${String(defect)}`)
          },
          ...members,
        }),
      ask: nth => {
        const fake = watchOf(nth)
        fake.asking = {}
        fake.watch.attempts += 1
        happen(nth, { _tag: 'AttemptStarted', attempt: fake.watch.attempts, late: 0 })
      },
      emit: (nth, value) => {
        const fake = watchOf(nth)
        fake.asking = null
        if (!isLeft(value)) fake.watch.status = value.right
        fake.observer.next(value)
        if (value._tag === 'Right' && value.right.status !== 'completed') return
        running.delete(refOf(nth).upload)
        fake.observer.complete()
      },
    })
  })
  return seen
}
