import { EventEmitter, once } from 'node:events'
import { expect } from '@jest/globals'
import { left, type Either } from 'fp-ts/Either'
import type { Observable, Subscription } from 'rxjs'
import {
  spaced,
  uploadStatus$,
  type Failure,
  type UploadStatus,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { ref } from '../answers'
import { handedIn } from '../leaks/handedIn'

export const key = 'sk_test/4711/0815'

type Value = Either<Failure, UploadStatus>

/** A running watch, and its values so far. */
export interface Followed {
  readonly values: readonly Value[]
  readonly events: readonly WatchEvent[]
  /** When each attempt started, in ms since the start of the watch. */
  readonly attempts: () => readonly number[]
  /** When each failed attempt ended, in the same way. */
  readonly failures: () => readonly number[]
  /** The announced wait before each later attempt, in ms. */
  readonly waits: () => readonly number[]
  /** Resolves when this many events of this kind were received. */
  readonly received: (tag: WatchEvent['_tag'], times?: number) => Promise<void>
  /** Resolves when this many values were emitted. */
  readonly emitted: (values: number) => Promise<void>
  /** All values, once it has completed. */
  readonly ended: Promise<readonly Value[]>
  readonly stop: () => void
  /** Aborts the watch's signal. */
  readonly abort: () => void
}

/** The options of the rows by default: few and quick retries. */
export const quick: WatchOptions = {
  apiKey: key,
  schedule: spaced(1),
  retry: { retries: 2, base: 1, cap: 2 },
}

/**
 * Follows a watch with these options. No value or event may contain the key, and the watch must remove
 * all its listeners.
 */
export const followed = (watchWith$: (options: WatchOptions) => Observable<Value>): Followed => {
  const changes = new EventEmitter()
  const values: Value[] = []
  const events: WatchEvent[] = []
  const controller = new AbortController()
  let hasEnded = false
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(changes, 'change')
  }
  const on = (event: WatchEvent): void => {
    expect(JSON.stringify(event)).not.toContain(key)
    events.push(event)
    changes.emit('change')
  }
  const watching: Subscription = watchWith$({ ...handedIn(controller), on }).subscribe({
    next: value => {
      expect(JSON.stringify(value)).not.toContain(key)
      values.push(value)
      changes.emit('change')
    },
    error: (defect: unknown) => {
      changes.emit('error', defect)
    },
    complete: () => {
      hasEnded = true
      changes.emit('change')
    },
  })
  const timesOf = (tag: WatchEvent['_tag']): readonly number[] =>
    events.flatMap(({ _tag, at }) => (_tag === tag ? at : []))
  return {
    values,
    events,
    attempts: () => timesOf('AttemptStarted'),
    failures: () => timesOf('AttemptFailed'),
    waits: () => events.flatMap(event => ('wait' in event ? event.wait : [])),
    received: (tag, times = 1) => until(() => timesOf(tag).length >= times),
    emitted: many => until(() => values.length >= many),
    ended: until(() => hasEnded).then(() => values),
    stop: () => {
      watching.unsubscribe()
    },
    abort: () => {
      controller.abort('enough')
    },
  }
}

/** Follows a watch of the tests' upload at this server. */
export const follow = (url: string, options: WatchOptions): Followed =>
  followed(own =>
    uploadStatus$(ref.account, ref.upload, { ...quick, ...own, baseUrl: url, ...options }),
  )

/** Matches the end of a watch with this failure, after this many attempts. */
export const lost = (
  failure: object,
  attempts: number,
  lastStatus: string | null = null,
): unknown =>
  left(expect.objectContaining({ ...failure, attempts, elapsed: expect.any(Number), lastStatus }))
