import { describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { isLeft, right, type Either } from 'fp-ts/Either'
import { finalize, map, merge, Observable, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import type { Failure } from '../../src/failure/failure'
import type { WatchEvent } from '../../src/watch/event'
import { isTerminal, type UploadStatus } from '../../src/api/status'
import { settingsOf } from '../../src/options'
import type { Answer } from '../../src/api/answer'
import { requestBudget } from '../../src/budget/requestBudget'
import { completed, failed, ok, pending, processing, pushing, ref, troubles } from '../answers'
import { engines, type Engine } from '../engines'
import { holds } from './holds'

type Asked = Either<Failure, Answer>

/** Everything that happens to a watch. Times are milliseconds. */
interface World {
  readonly answers: ReadonlyArray<{ readonly takes: number; readonly answer: Asked | null }>
  readonly waits: ReadonlyArray<number>
  readonly activity: ReadonlyArray<{ readonly at: number; readonly isActive: boolean }>
  readonly pushes: ReadonlyArray<{ readonly at: number; readonly status: UploadStatus }>
  readonly abortAt: number
  readonly unsubscribeAt: number
  readonly deadline: number
  readonly emit: 'changes' | 'every'
  readonly retries: number
  readonly notFoundGrace: number
  readonly perMinute: number | null
  readonly draws: ReadonlyArray<number>
  /** Whether the consumer stops the watch within a callback. */
  readonly meddles: 'not' | 'unsubscribes' | 'aborts'
}

const status = fc.constantFrom(pending, processing, completed, failed)
const waitingStatus = fc.constantFrom(pending, processing)
const answer = fc.oneof(
  { weight: 6, arbitrary: waitingStatus.map(ok) },
  { weight: 1, arbitrary: status.map(ok) },
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(troubles)) },
  // A request that hangs until the watch aborts it.
  { weight: 1, arbitrary: fc.constant(null) },
)
const moment = fc.integer({ min: 0, max: 20_000 })
const seldom = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Infinity) },
  { weight: 1, arbitrary: moment },
)

const world: fc.Arbitrary<World> = fc.record({
  answers: fc.array(fc.record({ takes: fc.integer({ min: 1, max: 3_000 }), answer }), {
    minLength: 1,
    maxLength: 30,
  }),
  waits: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 5 }),
  activity: fc.array(fc.record({ at: moment, isActive: fc.boolean() }), { maxLength: 6 }),
  pushes: fc.array(fc.record({ at: moment, status }), { maxLength: 3 }),
  abortAt: seldom,
  unsubscribeAt: seldom,
  deadline: fc.integer({ min: 1, max: 20_000 }),
  emit: fc.constantFrom('changes', 'every'),
  retries: fc.integer({ min: 0, max: 5 }),
  notFoundGrace: fc.constantFrom(0, 5_000),
  perMinute: fc.option(fc.integer({ min: 1, max: 20 })),
  draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 10,
  }),
  meddles: fc.constantFrom('not', 'not', 'not', 'unsubscribes', 'aborts'),
})

/** The observed behavior of a watch. */
interface Sighting {
  readonly values: { readonly at: number; readonly value: Either<Failure, UploadStatus> }[]
  readonly events: WatchEvent[]
  readonly requests: { readonly from: number; to: number; readonly answeredAt: number }[]
  completedAt: number
  stoppedAt: number
  errors: unknown[]
  endedAt: number
}

const play = (engine: Engine, given: World): Sighting => {
  const seen: Sighting = {
    values: [],
    events: [],
    requests: [],
    completedAt: Infinity,
    stoppedAt: Infinity,
    errors: [],
    endedAt: 0,
  }
  const scheduler = new TestScheduler(() => undefined)
  scheduler.run(({ flush }) => {
    const clock = (): number => scheduler.now()
    let draws = 0
    const random = (): number => given.draws[draws++ % given.draws.length] ?? 0
    let nth = 0
    const request$ = new Observable<Asked>(asking => {
      const next = given.answers[Math.min(nth++, given.answers.length - 1)]
      const takes = next?.answer === null ? 10_000 : (next?.takes ?? 0)
      const request = { from: clock(), to: Infinity, answeredAt: clock() + takes }
      seen.requests.push(request)
      return timer(takes)
        .pipe(
          map(() => next?.answer ?? troubles['timedOut']),
          finalize(() => {
            request.to = clock()
          }),
        )
        .subscribe(value => {
          if (value !== undefined) asking.next(value)
          asking.complete()
        })
    })
    const controller = new AbortController()
    const watched$ = engine(
      () => right(request$),
      settingsOf({
        schedule: ({ polls }) => given.waits[polls % given.waits.length] ?? 0,
        retry: { retries: given.retries },
        deadline: given.deadline,
        notFoundGrace: given.notFoundGrace,
        emit: given.emit,
        budget:
          given.perMinute === null
            ? undefined
            : requestBudget({ perMinute: given.perMinute, inFlight: 1, clock, random }),
        activity$: merge(
          ...given.activity.map(({ at, isActive }) => timer(at).pipe(map(() => isActive))),
        ),
        push: pushing(
          merge(...given.pushes.map(push => timer(push.at).pipe(map(() => push.status)))),
        ),
        signal: controller.signal,
        on: event => seen.events.push(event),
        random,
        clock,
      }),
    )(ref)
    let inSubscribe = true
    const stop = (): void => {
      seen.stoppedAt = Math.min(seen.stoppedAt, clock())
      subscription.unsubscribe()
    }
    const subscription = watched$.subscribe({
      next: value => {
        expect(inSubscribe).toBe(false)
        seen.values.push({ at: clock(), value })
        if (given.meddles === 'aborts') controller.abort('meddled')
        if (given.meddles === 'unsubscribes') stop()
      },
      error: (error: unknown) => seen.errors.push(error),
      complete: () => {
        seen.completedAt = clock()
      },
    })
    inSubscribe = false
    if (given.abortAt !== Infinity)
      timer(given.abortAt).subscribe(() => {
        controller.abort('bored')
      })
    if (given.unsubscribeAt !== Infinity) timer(given.unsubscribeAt).subscribe(stop)
    flush()
    seen.endedAt = clock()
  })
  return seen
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

const isEnd = (value: Either<Failure, UploadStatus>): boolean =>
  isLeft(value) || isTerminal(value.right)

describe.each(engines)('a watch with %s in a random world', (_, engine) => {
  holds(
    'keeps its grammar',
    500,
    fc.property(world, given => {
      const seen = play(engine, given)
      const values = seen.values.map(({ value }) => value)

      // no defect reaches the error channel
      expect(seen.errors).toEqual([])

      // Right(non-terminal)* ( Right(terminal) | Left(failure) ), then complete
      const ends = values.findIndex(isEnd)
      expect(ends === -1 || ends === values.length - 1).toBe(true)
      const isStopped = seen.stoppedAt !== Infinity
      const isCompleted = seen.completedAt !== Infinity
      const pauses = seen.events.filter(({ _tag }) => _tag === 'Paused' || _tag === 'Resumed')
      // It does not end by itself during a pause.
      const isPaused = pauses.at(-1)?._tag === 'Paused'
      if (!isStopped && !isPaused) expect(isCompleted && ends !== -1).toBe(true)
      if (isCompleted) expect(seen.values.at(-1)?.at).toBe(seen.completedAt)

      // It ends by its deadline, or within some minutes of a later pause.
      const end = Math.min(seen.completedAt, seen.stoppedAt)
      const isLate = ({ _tag, at }: WatchEvent): boolean =>
        _tag === 'Resumed' && at >= given.deadline
      if (!pauses.some(isLate) && !isPaused) expect(end).toBeLessThanOrEqual(given.deadline)

      // a status never goes backwards, and is repeated only if every answer was requested
      const ranks = values.flatMap(value => (isLeft(value) ? [] : [rank[value.right.status]]))
      for (const [i, next] of ranks.entries()) {
        const last = ranks[i - 1] ?? -1
        if (given.emit === 'every') expect(next).toBeGreaterThanOrEqual(last)
        else expect(next).toBeGreaterThan(last)
      }

      // one request at a time, the next one only after the answer to the last, none after the end
      for (const [i, request] of seen.requests.entries()) {
        expect(request.from).toBeGreaterThanOrEqual(seen.requests[i - 1]?.to ?? 0)
        expect(request.to).toBeLessThanOrEqual(Math.min(end, request.answeredAt))
        expect(request.from).toBeLessThanOrEqual(end)
      }

      // after the end nothing is left: no event, and no timer but those of the world itself
      expect(seen.events.every(({ at }) => at <= end)).toBe(true)

      // Every failure has its circumstances.
      const last = values.at(-1)
      if (last !== undefined && isLeft(last)) {
        expect(last.left.attempts).toBe(seen.requests.length)
        expect(last.left.elapsed).toBe(Math.round(end))
        const statuses = values.flatMap(value => (isLeft(value) ? [] : [value.right.status]))
        expect(last.left.lastStatus).toBe(statuses.at(-1) ?? null)
      }

      // no request while it is paused
      for (const [i, { _tag, at }] of pauses.entries()) {
        const until = pauses[i + 1]?.at ?? end
        if (_tag === 'Paused')
          expect(seen.requests.filter(({ from }) => from > at && from < until)).toEqual([])
      }
    }),
  )
})
