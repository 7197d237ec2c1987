import { right } from 'fp-ts/lib/Either.js'
import {
  concatMap,
  defer,
  delay,
  from,
  map,
  mergeMap,
  of,
  switchMap,
  takeWhile,
  timer,
  type Observable,
} from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { settingsOf } from '../../src/options'
import type { Answer } from '../../src/api/answer'
import { requestBudget, type RequestBudget } from '../../src/budget/requestBudget'
import { createWatches } from '../../src/watch/bulk/watches'
import { shareWatches } from '../../src/watch/bulk/sharedWatches'
import { trackedStatuses$ } from '../../src/trackedStatuses'
import { answerOf } from '../api/answerOf'
import type { ExpectedUpload } from '../../src/api/uploadRef'

/** An upload to watch. Times are milliseconds since the start of the simulation. */
export interface Arrival {
  readonly upload: string
  readonly startsAt: number
  readonly endsAt: number
  /** How long it is expected to take. */
  readonly hint: number
}

/** The results of watching all of them to their ends. */
export interface Course {
  /** Milliseconds from the end of each upload until it is noticed. */
  readonly delays: readonly number[]
  readonly requests: number
  /** Requests that were answered with 429. */
  readonly refused: number
}

/** The input of a policy. */
interface World {
  readonly arrivals$: Observable<Arrival>
  readonly request$: (upload: string) => Observable<Answer>
  readonly budget: RequestBudget
  readonly clock: () => number
  readonly random: () => number
}

/** Emits uploads whose end was noticed. */
export type Policy = (world: World) => Observable<string>

const minute = 60_000

/** Requests that the server admits in any minute. */
const perMinute = 60

/** Half the duration of a request. */
const latency = 50

const isCompleted = ({ body }: Answer): boolean =>
  body._tag === 'Right' && JSON.stringify(body.right).includes('completed')

/** A timer for each upload, as in textbooks: after a 429 the upload is polled again 2 s later. */
export const everyTwoSeconds$: Policy = ({ arrivals$, request$ }) =>
  arrivals$.pipe(
    mergeMap(({ upload }) =>
      timer(0, 2_000).pipe(
        switchMap(() => request$(upload)),
        takeWhile(answer => !isCompleted(answer), true),
        mergeMap(answer => (isCompleted(answer) ? [upload] : [])),
      ),
    ),
  )

/** The watches of this package. Only the requests and the clock are simulated. */
const watched$ = (
  { arrivals$, request$, clock, random }: World,
  budget: RequestBudget,
  expected: (arrival: Arrival) => number | undefined,
): Observable<string> => {
  const settings = settingsOf({ apiKey: null, budget, clock, random, deadline: Infinity })
  const uploads$ = arrivals$.pipe(
    map((arrival): ExpectedUpload => ({
      account: 'acct_1',
      upload: arrival.upload,
      hint: expected(arrival),
    })),
  )
  const watches = createWatches(
    ({ upload }) => right(request$(upload).pipe(map(answer => right(answer)))),
    settings,
  )
  return trackedStatuses$(uploads$, () => shareWatches(watches, 0)).pipe(
    mergeMap(({ upload, status }) =>
      status._tag === 'Right' && status.right.status === 'completed' ? [upload] : [],
    ),
  )
}

/** The same budget, with a first-come, first-served queue. */
export const inOrderOfArrival$: Policy = world =>
  watched$(
    world,
    { ...world.budget, admit: request$ => world.budget.admit(request$) },
    () => undefined,
  )

export const ours$: Policy = world => watched$(world, world.budget, () => undefined)

export const oursWithHints$: Policy = world => watched$(world, world.budget, ({ hint }) => hint)

/** A server with a sliding window: a request counts for a minute, and requests over the limit get a 429. */
const server = (ends: ReadonlyMap<string, number>, clock: () => number) => {
  const admitted: number[] = []
  let requests = 0
  let refused = 0
  return {
    answer: (upload: string): Answer => {
      const now = clock()
      while ((admitted[0] ?? Infinity) <= now - minute) admitted.shift()
      requests += 1
      if (admitted.length >= perMinute) {
        refused += 1
        const wait = (admitted[0] ?? now) + minute - now
        return answerOf({
          status: 429,
          headers: { 'retry-after': String(Math.ceil(wait / 1_000)) },
        })
      }
      admitted.push(now)
      const status = now < (ends.get(upload) ?? 0) ? { status: 'processing' } : completed
      return answerOf({ body: right({ ...status, prefixed_id: upload }) })
    },
    counts: () => ({ requests, refused }),
  }
}

const completed = { status: 'completed', media: { id: 7 } }

/** Runs a policy in virtual time, to the end of the last upload. */
export const run = (
  arrivals: readonly Arrival[],
  policy$: Policy,
  random: () => number,
): Course => {
  const scheduler = new TestScheduler(() => undefined)
  return scheduler.run(({ flush }) => {
    const clock = (): number => scheduler.now()
    const ends = new Map(arrivals.map(({ upload, endsAt }) => [upload, endsAt]))
    const { answer, counts } = server(ends, clock)
    const delays: number[] = []
    policy$({
      arrivals$: from(arrivals).pipe(
        concatMap(arrival => timer(arrival.startsAt - clock()).pipe(map(() => arrival))),
      ),
      request$: upload =>
        timer(latency).pipe(
          mergeMap(() => defer(() => of(answer(upload)))),
          delay(latency),
        ),
      budget: requestBudget({ perMinute, clock, random }),
      clock,
      random,
    }).subscribe(upload => {
      delays.push(clock() - (ends.get(upload) ?? NaN))
    })
    flush()
    if (delays.length !== arrivals.length) throw new Error('an upload was not watched to its end')
    return { delays, ...counts() }
  })
}
