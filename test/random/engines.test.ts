import { isDeepStrictEqual } from 'node:util'
import { describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { right, type Either } from 'fp-ts/Either'
import {
  asyncScheduler,
  BehaviorSubject,
  defer,
  EMPTY,
  expand,
  filter,
  map,
  Observable,
  of,
  Subject,
  Subscription,
  switchMap,
  type Observer,
} from 'rxjs'
import type { Failure } from '../../src/failure/failure'
import type { UploadRef } from '../../src/api/uploadRef'
import { isOutcome, type TerminalStatus, type UploadStatus } from '../../src/api/status'
import type { PushedStatus, PushSource } from '../../src/watch/push'
import { settingsOf } from '../../src/options'
import type { Answer } from '../../src/api/answer'
import { requestBudget } from '../../src/budget/requestBudget'
import { wait$ } from '../../src/runtime/wait'
import { decodeWatch, encodeWatch } from '../../src/watch/keptWatch'
import { spaced } from '../../src/watch/schedule'
import { step$ } from '../../src/watch/step'
import { answer, completed, failed, ok, pending, processing, troubles } from '../answers'
import { bulk, pipeline, type Engine } from '../engines'
import { holds } from './holds'
import { inSteppedTime } from './steppedTime'
import type { Watched } from '../../src/watch/event'
import type { RequestOf } from '../../src/http/request'
import { newWatch, type SavedWatch } from '../../src/watch/liveWatch'

// `uploadStatus$` is a pipeline of RxJS operators; many uploads are watched in bulk, on one timer; a
// queue makes one attempt at a time. The pipeline is the specification: in the same world all must
// do the same, at the same times.

type Answered = Either<Failure, Answer>

const answers: Readonly<Record<string, Answered>> = {
  ...troubles,
  pending: ok(pending),
  processing: ok(processing),
  completed: ok(completed),
  failed: ok(failed),
  credits: answer(200, processing, { 'x-ofapi-credits-balance': '97' }),
  unavailableFor: answer(503, null, { 'retry-after': '3' }),
  throttledLong: answer(429, null, { 'retry-after': '3600' }),
}

/** The same answer, about another upload. */
const replyTo = (upload: string, answered: Answered | undefined): Answered => {
  if (answered?._tag !== 'Right' || answered.right.body._tag === 'Left')
    return answered ?? answer(500)
  const { body } = answered.right
  const text = JSON.stringify(body.right).replaceAll('ofapi_media_1', upload)
  return right({ ...answered.right, body: right(JSON.parse(text) as unknown) })
}

const pushable: Readonly<Record<string, UploadStatus>> = { pending, processing, completed, failed }

/** An action on the watches, at a time or within an observer. */
const deeds = [
  'pause',
  'resume',
  'push',
  'pushNonsense',
  'abort',
  'unsubscribe',
  'activityFails',
  'pushFails',
  'relyOn',
  'fallBack',
  'aliveFails',
  'poll',
  'pollFails',
] as const

type Deed = (typeof deeds)[number]

/** What happens to one watch. Times are milliseconds. */
interface Life {
  /** The answers to its requests, in order. The last one repeats. */
  readonly answers: ReadonlyArray<{ readonly name: string; readonly takes: number }>
  readonly hint: number | undefined
  /** Actions within the delivery of its n-th event or value. */
  readonly reentrant: ReadonlyArray<{ readonly nth: number; readonly deed: Deed }>
}

interface World {
  readonly deadline: number
  readonly wait: number
  readonly retries: number
  readonly base: number
  readonly cap: number
  readonly notFoundGrace: number
  readonly emit: 'changes' | 'every'
  readonly onUnknownStatus: 'fail' | 'continue'
  readonly budget: {
    readonly perMinute: number
    readonly inFlight: number
    readonly earliest: number | undefined
  } | null
  readonly draw: number
  readonly deeds: ReadonlyArray<{ readonly at: number; readonly deed: Deed }>
  readonly pushed: string
  /** The push for the last upload before its watch started. */
  readonly latest: string | null
  /** Whether pushes are reliable from the start. */
  readonly alive: boolean
  readonly net: number
  /** Whether the push source has its optional members, and `poll$` is used. */
  readonly isWhole: boolean
  readonly lives: ReadonlyArray<Life>
}

const deed = fc.constantFrom(...deeds)

const life: fc.Arbitrary<Life> = fc.record({
  answers: fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom('pending', 'processing') },
        { weight: 2, arbitrary: fc.constantFrom(...Object.keys(answers)) },
      ),
      takes: fc.constantFrom(0, 10, 40, 2_000, Infinity),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  hint: fc.constantFrom(undefined, 1_000, 20_000, NaN),
  reentrant: fc.array(fc.record({ nth: fc.integer({ min: 1, max: 20 }), deed }), { maxLength: 2 }),
})

const world: fc.Arbitrary<World> = fc.record({
  // All times except the deadline are multiples of 10, because two things in the same millisecond
  // may happen in either order.
  deadline: fc.constantFrom(1_003, 10_003, 60_003),
  wait: fc.constantFrom(500, 1_000, 7_000),
  retries: fc.integer({ min: 0, max: 6 }),
  base: fc.constantFrom(20, 500),
  cap: fc.constantFrom(0, 2_000),
  notFoundGrace: fc.constantFrom(0, 5_000),
  emit: fc.constantFrom('changes', 'every'),
  onUnknownStatus: fc.constantFrom('fail', 'continue'),
  budget: fc.option(
    fc.record({
      perMinute: fc.constantFrom(1, 2, 3, 6, 10, 60, 100),
      inFlight: fc.integer({ min: 1, max: 3 }),
      earliest: fc.constantFrom(undefined, 100, 3_000),
    }),
  ),
  draw: fc.constantFrom(0, 0.5),
  deeds: fc.array(fc.record({ at: fc.integer({ min: 0, max: 2_000 }), deed }), { maxLength: 6 }),
  pushed: fc.constantFrom(...Object.keys(pushable)),
  latest: fc.option(fc.constantFrom('completed', 'failed', 'nonsense', 'broken'), { freq: 2 }),
  alive: fc.boolean(),
  net: fc.constantFrom(100, 3_000, 20_000, Infinity),
  isWhole: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  lives: fc.array(life, { minLength: 1, maxLength: 3 }),
})

/** A watch between two attempts, with the value of the last one. */
interface Stored {
  readonly kept: string
  readonly value: Watched | undefined
}

/**
 * One attempt at a time, as in a queue: between two attempts the watch is stored as JSON.
 * Pushes, pauses and aborts reach a queue in other ways.
 */
const stepByStep: Engine = (requestOf, settings) => ref =>
  defer(() => {
    const startedAt = settings.clock()
    const stored = (watch: SavedWatch, value?: Watched): Stored => ({
      kept: JSON.stringify(encodeWatch(watch)),
      value,
    })
    const next$ = (kept: string): Observable<Stored> => {
      const begun = decodeWatch(JSON.parse(kept))
      if (begun === null) throw new Error('the encoded watch cannot be decoded')
      const due = Math.min(begun.state.dueAt, settings.deadline)
      return wait$(due + startedAt - settings.clock()).pipe(
        switchMap(() => {
          const elapsed = settings.clock() - startedAt
          return step$(ref, requestOf, settings, { ...begun, elapsed })
        }),
        map(({ value, ...next }) => stored(next, value)),
      )
    }
    // Not by recursion: a watch may take thousands of steps, which would exceed the stack.
    return of(stored(newWatch)).pipe(
      expand(({ kept, value }) => (value !== undefined && isOutcome(value) ? EMPTY : next$(kept))),
      map(({ value }) => value),
      filter(value => value !== undefined),
    )
  })

/**
 * The values, events and requests of each watch in a world, with their times.
 *
 * @param shift delays the answers of each watch by a different multiple of this many milliseconds
 */
const historyOf = (engine: Engine, given: World, shift = 0): unknown => {
  const logs = given.lives.map((): unknown[] => [])
  const calls = given.lives.map((): unknown[] => [])
  const spans = given.lives.map((): { from: number; to: number }[] => [])
  inSteppedTime(({ now, drain }) => {
    const clock = now
    const random = (): number => given.draw
    const activity$ = new Subject<boolean>()
    const push$ = new Subject<PushedStatus>()
    const alive$ = new BehaviorSubject(given.alive)
    const polls$ = new Subject<void>()
    const controller = new AbortController()
    const watching = new Subscription()
    const perform: { readonly [Each in Deed]: () => void } = {
      pause: () => {
        activity$.next(false)
      },
      resume: () => {
        activity$.next(true)
      },
      activityFails: () => {
        activity$.error(new Error('broken'))
      },
      push: () => {
        const status = pushable[given.pushed] ?? pending
        const upload = 'upload_0'
        push$.next({ account: 'acct_1', upload, status: { ...status, prefixed_id: upload } })
      },
      pushNonsense: () => {
        push$.next(
          Object.assign(
            { account: 'acct_1', upload: 'upload_0', status: pending },
            { status: null },
          ),
        )
      },
      pushFails: () => {
        push$.error(new Error('broken'))
      },
      relyOn: () => {
        alive$.next(true)
      },
      fallBack: () => {
        alive$.next(false)
      },
      aliveFails: () => {
        alive$.error(new Error('broken'))
      },
      poll: () => {
        polls$.next()
      },
      pollFails: () => {
        polls$.error(new Error('broken'))
      },
      abort: () => {
        controller.abort('bored')
      },
      unsubscribe: () => {
        watching.unsubscribe()
      },
    }

    const nameOf = (upload: string): number => Number(upload.replace('upload_', ''))
    const times = given.lives.map(() => 0)
    const note = (nth: number, what: unknown): void => {
      logs[nth]?.push([clock(), what])
      const count = (times[nth] ?? 0) + 1
      times[nth] = count
      // With several watches, a subject that emits within itself reaches them in another order.
      if (given.lives.length > 1) return
      for (const { nth: due, deed } of given.lives[nth]?.reentrant ?? [])
        if (due === count) perform[deed]()
    }

    const requests = given.lives.map(() => 0)
    const requestOf: RequestOf = ({ upload }) => {
      const nth = nameOf(upload)
      return right(
        new Observable<Answered>(subscriber => {
          const replies = given.lives[nth]?.answers ?? []
          const reply = replies[Math.min(requests[nth] ?? 0, replies.length - 1)]
          requests[nth] = (requests[nth] ?? 0) + 1
          const span = { from: clock(), to: NaN }
          spans[nth]?.push(span)
          const takes = reply?.takes ?? Infinity
          const answered = replyTo(upload, answers[reply?.name ?? ''])
          const timer =
            takes === Infinity
              ? undefined
              : asyncScheduler.schedule(
                  () => {
                    subscriber.next(answered)
                    subscriber.complete()
                  },
                  takes + shift * (7 * nth + 3),
                )
          return () => {
            span.to = clock()
            timer?.unsubscribe()
          }
        }),
      )
    }

    /** The calls of the push source, and its latest statuses. */
    const noteAtSource = (ref: UploadRef, what: unknown): void => {
      calls[nameOf(ref.upload)]?.push([clock(), what])
    }
    const latestOf = (ref: UploadRef): TerminalStatus | null => {
      noteAtSource(ref, 'latest')
      if (given.latest === null || nameOf(ref.upload) !== given.lives.length - 1) return null
      if (given.latest === 'broken') throw new Error('broken')
      if (given.latest === 'nonsense') return Object.assign({ ...failed }, { status: null })
      const known = given.latest === 'failed' ? failed : completed
      return { ...known, prefixed_id: ref.upload }
    }
    const source: PushSource = {
      statuses$: push$,
      alive$,
      latest: latestOf,
      opened: ref => {
        noteAtSource(ref, 'opened')
        return () => {
          noteAtSource(ref, 'closed')
        }
      },
      polled: (ref, status) => {
        noteAtSource(ref, status)
      },
    }

    const { deadline, wait, retries, base, cap, notFoundGrace, emit, onUnknownStatus } = given
    const limits = ({ perMinute, inFlight, earliest }: NonNullable<World['budget']>) => ({
      perMinute: perMinute + shift,
      inFlight,
      earliest: earliest === undefined ? undefined : earliest + 13 * shift,
      clock,
      random,
    })
    const watchOf$ = engine(
      requestOf,
      settingsOf({
        schedule: spaced(wait + 11 * shift),
        retry: { retries, base, cap },
        deadline,
        notFoundGrace,
        emit,
        onUnknownStatus,
        budget: given.budget === null ? undefined : requestBudget(limits(given.budget)),
        activity$,
        push: given.isWhole ? source : { statuses$: push$ },
        poll$: given.isWhole ? polls$ : undefined,
        safetyNet: () => given.net,
        signal: controller.signal,
        // A single watch also reports the pushes of the others.
        on: event => {
          if (event._tag !== 'PushIgnored' || event.at > 0) note(nameOf(event.upload), event)
        },
        random,
        clock,
      }),
    )
    const observerOf = (nth: number): Observer<Watched> => ({
      next: value => {
        note(nth, value)
      },
      error: defect => {
        note(nth, ['defect', defect])
      },
      complete: () => {
        note(nth, 'complete')
      },
    })
    // A millisecond apart, so that no two of them are due in the same one.
    given.lives.forEach(({ hint }, nth) => {
      asyncScheduler.schedule(() => {
        const ref = { account: 'acct_1', upload: `upload_${String(nth)}`, hint }
        watching.add(watchOf$(ref).subscribe(observerOf(nth)))
      }, nth)
    })
    for (const { at, deed } of given.deeds) asyncScheduler.schedule(perform[deed], 10 * at + 15)
    drain()
  })
  // A source may receive `polled` and the close of a watch in either order.
  const heard = calls.map(all => all.map(call => JSON.stringify(call)).sort())
  return { logs, spans, heard }
}

/**
 * Whether two engines do the same. Two things in the same millisecond may happen in either order, for
 * example an answer, and a request that a budget admits. So if the engines differ, the world runs again
 * with other times of the answers, waits and budget, where they no longer coincide.
 */
const doTheSame = (one: Engine, other: Engine, given: World): boolean =>
  [1, 2].some(shift =>
    isDeepStrictEqual(historyOf(one, given, shift), historyOf(other, given, shift)),
  )

describe('the pipeline and the bulk engine', () => {
  holds(
    'do the same at the same times, in any world',
    300,
    fc.property(world, given => {
      const [expected, actual] = [historyOf(pipeline, given), historyOf(bulk, given)]
      if (isDeepStrictEqual(actual, expected) || doTheSame(bulk, pipeline, given)) return
      expect(actual).toEqual(expected)
    }),
  )
})

describe('the pipeline and single steps', () => {
  /** A queue has its own budget and its own ways to reach a watch. */
  const alone = world.map(given => ({
    ...given,
    budget: null,
    isWhole: false,
    deeds: given.deeds.filter(({ deed }) => deed === 'unsubscribe'),
    lives: given.lives.map(life => ({
      ...life,
      reentrant: life.reentrant.filter(({ deed }) => deed === 'unsubscribe'),
    })),
  }))

  /** A queue emits `Stopped` itself when it returns a step. */
  const untilStopped: Engine = (requestOf, settings) =>
    pipeline(requestOf, {
      ...settings,
      on: event => {
        if (event._tag !== 'Stopped') settings.on?.(event)
      },
    })

  holds(
    'do the same at the same times, even if each step starts from JSON',
    100,
    fc.property(alone, given => {
      expect(historyOf(stepByStep, given)).toEqual(historyOf(untilStopped, given))
    }),
  )
})
