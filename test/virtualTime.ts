import { expect } from '@jest/globals'
import { defer, finalize, type Observable } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import { right, type Either } from 'fp-ts/Either'
import type { WatchEvent } from '../src/watch/event'
import type { Failure } from '../src/failure/failure'
import type { UploadStatus } from '../src/api/status'
import { settingsOf, type WatchOptions } from '../src/options'
import type { Answer } from '../src/api/answer'
import { spaced } from '../src/watch/schedule'
import { ref } from './answers'
import type { Engine } from './engines'

/** A watch in virtual time, and what it did. */
export interface World extends RunHelpers {
  readonly scheduler: TestScheduler
  /** Watches. The n-th marble is the answer to the n-th request; the last marble is repeated. */
  readonly watch$: (
    requests: ReadonlyArray<string>,
    options?: WatchOptions,
  ) => Observable<Either<Failure, UploadStatus>>
  readonly events: WatchEvent[]
  /** The times at which each request started and ended. */
  readonly requests: { readonly from: number; to: number }[]
}

/** Runs a test of an engine in virtual time, on a clock that moves with it, with polls 10 ms apart. */
export const virtualTimeOf =
  (engine: Engine) =>
  (
    answers: { readonly [mark: string]: Either<Failure, Answer> },
    test: (world: World) => void,
  ): void => {
    const scheduler = new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected)
    })
    scheduler.run(helpers => {
      const events: WatchEvent[] = []
      const requests: { from: number; to: number }[] = []
      const clock = (): number => scheduler.now()
      test({
        ...helpers,
        scheduler,
        events,
        requests,
        watch$: (marbles, options = {}) => {
          let nth = 0
          const request$ = defer(() => {
            const marble = marbles[Math.min(nth++, marbles.length - 1)]
            const request = { from: clock(), to: Infinity }
            requests.push(request)
            return helpers.cold<Either<Failure, Answer>>(marble ?? '', answers).pipe(
              finalize(() => {
                request.to = clock()
              }),
            )
          })
          const watchOf$ = engine(
            () => right(request$),
            settingsOf({
              schedule: spaced(10),
              random: () => 0.5,
              clock,
              on: event => events.push(event),
              ...options,
            }),
          )
          return watchOf$(ref)
        },
      })
    })
  }
