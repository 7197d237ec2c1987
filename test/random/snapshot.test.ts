import { describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { left, right, type Either } from 'fp-ts/Either'
import { defer, map, Subscription, tap, timer, type Observable } from 'rxjs'
import { requestBudget, type RequestBudget } from '../../src/budget/requestBudget'
import { createUploadStatusClient, type ClientOptions } from '../../src/client'
import type { ClientSnapshot } from '../../src/clientSnapshot'
import {
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  type Failure,
} from '../../src/failure/failure'
import { isOutcome, type UploadStatus } from '../../src/api/status'
import { spaced } from '../../src/watch/schedule'
import type { Watched } from '../../src/watch/event'
import { holds } from './holds'
import { inSteppedTime, type SteppedTime } from './steppedTime'

const uploads = ['a', 'b']

const answerOf = {
  pending: upload => right({ status: 'pending', prefixed_id: upload }),
  processing: upload => right({ status: 'processing', prefixed_id: upload }),
  completed: upload => right({ status: 'completed', prefixed_id: upload, media: { id: 7 } }),
  failed: upload => right({ status: 'failed', prefixed_id: upload, error: 'No.' }),
  unavailable: () => left(unavailable(503)),
  waits: () => left(unavailable(503, 3_000)),
  throttled: () => left(throttled(2_000)),
  unreachable: () => left(unreachable('ECONNRESET')),
  timedOut: () => left(timedOut('body', 10)),
  malformed: () => left(malformed('shape')),
  missing: () => left(rejected(404, null, null)),
} satisfies Readonly<Record<string, (upload: string) => Either<Failure, UploadStatus>>>

type AnswerName = keyof typeof answerOf

interface World {
  readonly answers: readonly AnswerName[]
  readonly deadline: number
  readonly wait: number
  readonly retries: number
  readonly notFoundGrace: number
  readonly emit: 'changes' | 'every'
  readonly draw: number
  /** Milliseconds between two replacements of the client by one that resumes. */
  readonly cuts: readonly number[]
}

const names = Object.keys(answerOf) as AnswerName[]

const world: fc.Arbitrary<World> = fc.record({
  answers: fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom<AnswerName>('pending', 'processing') },
      { weight: 1, arbitrary: fc.constantFrom(...names) },
    ),
    { minLength: 1, maxLength: 10 },
  ),
  deadline: fc.constantFrom(1_003, 10_003, 60_003, Infinity),
  wait: fc.constantFrom(500, 1_000, 7_000),
  retries: fc.integer({ min: 0, max: 6 }),
  notFoundGrace: fc.constantFrom(0, 5_000),
  emit: fc.constantFrom('changes', 'every'),
  draw: fc.constantFrom(0, 0.5),
  cuts: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 }),
})

/** The values of a subscriber of each upload, with their times, if the client is replaced at the cuts. */
const historyOf = (given: World, cuts: readonly number[], takes: number) => {
  const history = new Map<string, [at: number, value: Watched][]>(uploads.map(id => [id, []]))
  const answered = new Map<string, number>()
  const request$ = ({ upload }: { readonly upload: string }): Observable<Watched> =>
    defer(() => {
      const nth = answered.get(upload) ?? 0
      // After the last one, the upload is completed.
      const answer = answerOf[given.answers[nth] ?? 'completed'](upload)
      return timer(takes).pipe(
        // An aborted attempt gets no answer.
        tap(() => answered.set(upload, nth + 1)),
        map(() => answer),
      )
    })

  const live = (time: SteppedTime, budget: RequestBudget, more: ClientOptions) => {
    const client = createUploadStatusClient({
      request: request$,
      schedule: spaced(given.wait),
      retry: { retries: given.retries, base: 500, cap: 2_000 },
      deadline: given.deadline,
      notFoundGrace: given.notFoundGrace,
      emit: given.emit,
      random: () => given.draw,
      clock: time.now,
      budget,
      ...more,
    })
    const following = new Subscription()
    for (const upload of uploads) {
      const values = history.get(upload) ?? []
      const [, last] = values.at(-1) ?? []
      if (last !== undefined && isOutcome(last)) continue
      // A late subscriber receives the latest status first.
      let skipped = last === undefined
      following.add(
        client.uploadStatus$('acct_1', upload).subscribe(value => {
          if (skipped) values.push([time.now(), value])
          else expect(value).toEqual(last)
          skipped = true
        }),
      )
    }
    return [client, following] as const
  }

  inSteppedTime(time => {
    // The clients share a budget, because it learns of outages and a snapshot does not contain it.
    const budget = requestBudget({ perMinute: 1_000_000, clock: time.now, random: () => 0 })
    let [client, following] = live(time, budget, {})
    for (const ms of cuts) {
      time.pass(ms)
      const text = JSON.stringify(client.snapshot())
      following.unsubscribe()
      void client.close()
      // The wall clock does not advance.
      const snapshot = JSON.parse(text) as ClientSnapshot
      ;[client, following] = live(time, budget, {
        resume: { ...snapshot, takenAt: Number.MAX_SAFE_INTEGER },
      })
    }
    time.drain()
  })
  return history
}

/** Matches a time in ms, or up to `most` later. */
const soonAfter = (time: number, most: number) => ({
  asymmetricMatch: (value: unknown) =>
    typeof value === 'number' && value >= time && value <= time + most,
})

/**
 * What a client that was replaced `cuts` times must emit. Each new client computes the wait of a request
 * in the budget again, which is rounded up to whole milliseconds.
 */
const upToRounding = (history: ReturnType<typeof historyOf>, cuts: number) =>
  new Map(
    Array.from(history, ([upload, values]) => [
      upload,
      values.map(([at, value]) => [
        soonAfter(at, cuts),
        value._tag === 'Left' && 'elapsed' in value.left
          ? left({ ...value.left, elapsed: soonAfter(value.left.elapsed, cuts) })
          : value,
      ]),
    ]),
  )

describe('a client that resumes from a snapshot at any time', () => {
  holds(
    'emits the same values at the same times as one that continues',
    50,
    fc.property(world, given => {
      const continued = historyOf(given, [], 0)
      expect(historyOf(given, given.cuts, 0)).toEqual(upToRounding(continued, given.cuts.length))
    }),
  )

  const valuesOf = (history: ReturnType<typeof historyOf>): unknown =>
    [...history.values()].map(all =>
      all.map(([, value]) => (value._tag === 'Left' ? value.left._tag : value.right.status)),
    )

  holds(
    'emits the same values, even if it repeats an attempt in flight',
    50,
    fc.property(world, fc.constantFrom(10, 400, 900), (given, takes) => {
      // No time since the start may matter, as the repeated attempt is answered later.
      const endless = { ...given, deadline: Infinity, notFoundGrace: 0 }
      const resumed = historyOf(endless, given.cuts, takes)
      expect(valuesOf(resumed)).toEqual(valuesOf(historyOf(endless, [], takes)))
    }),
  )
})
