import { forecast } from '../../src/budget/forecast'
import { requestQueue, type Waiting } from '../../src/budget/requestQueue'
import type { PolledUpload } from '../../src/budget/polledUpload'
import { defaultSchedule } from '../../src/watch/schedule'
import { heap, type Ranked } from '../../src/runtime/heap'
import { hintOf, type Draw } from './durations'

/** Uploads that arrive at random times (Poisson), and the limit of requests. */
export interface Load {
  readonly draw: Draw
  /** Uploads a minute. */
  readonly arriving: number
  /** Requests a minute. */
  readonly perMinute: number
  /** Noticed ends before the count starts, and counted ends. */
  readonly ends: readonly [before: number, counted: number]
}

/** When an upload is polled. */
export interface Policy {
  /** Whether the queue is in the order of this package, or in that of waiting. */
  readonly order: 'worth' | 'waiting'
  /** Milliseconds from an answer to when the next request may be queued, at this age. */
  readonly rest: (age: number, random: () => number) => number
  readonly usesHints: boolean
}

/** Its results, in milliseconds. */
export interface Course {
  readonly delays: readonly number[]
  /** The mean per upload. */
  readonly requests: number
}

const minute = 60_000
/** The duration of a request in ms. */
export const answerTime = 80

export const bySchedule = (age: number, random: () => number): number =>
  defaultSchedule({ polls: 1, elapsed: age, lastStatus: null, unchangedFor: age }, random)

interface Upload extends Waiting {
  readonly startsAt: number
  readonly endsAt: number
  readonly hint: number | undefined
  addedAt: number
  overdue: number
  upload: PolledUpload | undefined
  knownAge: number
  attempts: number
  askedAt: number
}

/** A policy in virtual time: a loop with the unchanged queue of the package. */
export const simulate = (
  { order, rest, usesHints }: Policy,
  { draw, arriving, perMinute, ends: [before, counted] }: Load,
  random: () => number,
): Course => {
  const { worth, polled } = forecast()
  const queue = requestQueue<Upload>(worth)
  const resting = heap<Upload & Ranked>()
  const flying: Upload[] = []
  const delays: number[] = []
  let [seen, requests, nextAt] = [0, 0, 0]
  const next = (): number => (nextAt -= (Math.log(1 - random()) * minute) / arriving)

  const enqueue = (upload: Upload, now: number): void => {
    const { hint, startsAt, knownAge, attempts } = upload
    const ref = { account: 'acct_1', upload: 'ofapi_media_1', hint }
    const age = now - startsAt
    upload.addedAt = now
    upload.overdue = age - knownAge
    upload.upload = order === 'worth' ? { ref, age, knownAge, attempt: attempts + 1 } : undefined
    queue.add(upload)
  }

  const arrive = (startsAt: number): Upload => {
    const duration = draw(random, startsAt)
    const hint = usesHints ? hintOf(duration, random) : undefined
    const counters = { knownAge: 0, attempts: 0, askedAt: 0, priority: 0, takenBefore: 0 }
    const waiting = { rank: 0, order: 0, index: -1, addedAt: 0, overdue: 0, upload: undefined }
    return { startsAt, endsAt: startsAt + duration, hint, ...counters, ...waiting }
  }

  const answer = (upload: Upload, now: number): void => {
    const { askedAt, attempts, endsAt, hint, knownAge, startsAt } = upload
    const answeredAt = askedAt + answerTime / 2
    const ref = { account: 'acct_1', upload: 'ofapi_media_1', hint }
    const prefixed_id = ref.upload
    if (endsAt <= answeredAt) {
      polled(
        { ref, age: now - startsAt, knownAge, attempt: attempts },
        { status: 'failed', prefixed_id, error: '' },
      )
      seen += 1
      if (seen <= before) return
      delays.push(now - endsAt)
      requests += attempts
      return
    }
    const age = askedAt - startsAt
    polled({ ref, age, knownAge, attempt: attempts }, { status: 'processing', prefixed_id })
    upload.knownAge = age
    resting.put(upload, now + rest(age, random))
  }

  let arrivesAt = next()
  for (let now = 0; delays.length < counted; now += minute / perMinute) {
    for (; arrivesAt <= now; arrivesAt = next()) enqueue(arrive(arrivesAt), arrivesAt)
    for (let first = flying[0]; first !== undefined; first = flying[0]) {
      if (first.askedAt + answerTime > now) break
      flying.shift()
      answer(first, first.askedAt + answerTime)
    }
    for (let first = resting.first(); first !== undefined; first = resting.first()) {
      if (first.rank > now) break
      resting.remove(first)
      enqueue(first, now)
    }
    const upload = queue.take(now)
    if (upload === undefined) continue
    upload.askedAt = now
    upload.attempts += 1
    flying.push(upload)
  }
  return { delays, requests: requests / delays.length }
}
