import { describe, jest } from '@jest/globals'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/Either'
import type { Subscription } from 'rxjs'
import { createUploadStatusClient } from '../../src/client'
import { isTerminal } from '../../src/api/status'
import { requestBudget } from '../../src/budget/requestBudget'
import type { Fetch, FetchResponse } from '../../src/http/fetch'
import { spaced } from '../../src/watch/schedule'
import { holds } from './holds'
import { settle, step, stopTime } from './promiseTime'

const grace = 250

/** The outcome of a request after the scheduler releases it. */
const outcomes = [
  'pending',
  'processing',
  'completed',
  'failed',
  'forbidden',
  'unavailable',
  'redirect',
  'no answer',
  'no body',
  'no JSON',
] as const
type Outcome = (typeof outcomes)[number]

const httpStatus: { readonly [outcome in Outcome]?: number } = {
  forbidden: 403,
  unavailable: 503,
  redirect: 302,
}

/** The actions of one consumer, in order. */
interface Consumer {
  readonly upload: 'a' | 'b'
  readonly acts: ReadonlyArray<'subscribe' | 'leave'>
}

interface World {
  readonly consumers: readonly Consumer[]
  /** The steps, in ms, in which time passes between the actions. */
  readonly passes: readonly number[]
  readonly outcomes: readonly Outcome[]
  readonly apiKey: 'immediately' | 'later' | 'never'
  readonly isStreamed: boolean
  /** Whether `fetch` ignores its signal. */
  readonly ignoresSignal: boolean
}

const world: fc.Arbitrary<World> = fc.record({
  consumers: fc.array(
    fc.record<Consumer>({
      upload: fc.constantFrom('a', 'a', 'a', 'b'),
      acts: fc.array(fc.constantFrom('subscribe', 'leave'), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  passes: fc.array(fc.constantFrom(1, step, grace - 1, grace, grace + 1, 1_000), { maxLength: 10 }),
  outcomes: fc.array(fc.constantFrom('pending', 'processing', ...outcomes), { maxLength: 8 }),
  apiKey: fc.constantFrom('immediately', 'later', 'later', 'never'),
  isStreamed: fc.boolean(),
  ignoresSignal: fc.boolean(),
})

/** A request. It is over when its last byte was read, or when it failed. */
interface Asked {
  readonly upload: string
  readonly signal: AbortSignal
  isOver: boolean
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

const play = async (
  given: World,
  scheduler: fc.Scheduler,
  violates: (law: string) => void,
): Promise<void> => {
  const requests: Asked[] = []
  const later = <A>(what: string, value: () => A): Promise<A> =>
    scheduler.schedule(Promise.resolve(), what).then(value)

  const bodyOf = (asked: Asked, outcome: Outcome): string => {
    asked.isOver = true
    if (outcome === 'no body') throw new Error('reset')
    return outcome === 'no JSON'
      ? '{"status":'
      : JSON.stringify({
          status: outcome,
          prefixed_id: asked.upload,
          media: { id: 7 },
          error: 'No.',
        })
  }

  const streamOf = (read: () => Promise<string>): unknown => {
    let isRead = false
    return {
      getReader: () => ({
        read: async () => {
          if (isRead) return { value: undefined }
          isRead = true
          return { value: new TextEncoder().encode(await read()) }
        },
      }),
    }
  }

  const responseOf = (asked: Asked, outcome: Outcome): FetchResponse => {
    const read = (): Promise<string> =>
      later(`body of ${asked.upload}`, () => bodyOf(asked, outcome))
    return {
      status: httpStatus[outcome] ?? 200,
      headers: { get: () => null },
      text: read,
      ...(given.isStreamed && { body: streamOf(read) }),
    }
  }

  const fetch: Fetch = (url, { signal }) => {
    const upload = url.split('/').at(-2) ?? ''
    const asked: Asked = { upload, signal, isOver: false }
    const outcome = given.outcomes[requests.length] ?? 'completed'
    if (signal.aborted) violates('no request starts aborted')
    if (requests.some(each => each.upload === upload && !each.isOver && !each.signal.aborted))
      violates('one request is in flight for an upload')
    if (consumers.every(each => each.upload !== upload || each.leftAt + grace < jest.now()))
      violates('no request is made without a subscriber')
    requests.push(asked)
    const answered = later(`${outcome} for ${upload}`, () => {
      if (outcome !== 'no answer') return responseOf(asked, outcome)
      asked.isOver = true
      throw new Error('refused')
    })
    return given.ignoresSignal
      ? answered
      : new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('aborted'))
          })
          answered.then(resolve, reject)
        })
  }

  const client = createUploadStatusClient({
    apiKey: () =>
      given.apiKey === 'immediately'
        ? 'key'
        : later('key', () => {
            if (given.apiKey === 'never') throw new Error('no key')
            return 'key'
          }),
    fetch,
    schedule: spaced(step),
    retry: { retries: 2, base: step, cap: step },
    attemptTimeout: 500,
    deadline: 60_000,
    budget: requestBudget({ perMinute: 1_000_000, clock: () => jest.now() }),
    clock: () => jest.now(),
  })

  /** A consumer, with the checks of each of its subscriptions. */
  const consumerOf = ({ upload }: Consumer) => {
    let subscription: Subscription | null = null
    const consumer = {
      upload,
      /** When it last unsubscribed; Infinity while it is subscribed. */
      leftAt: -Infinity,
      isSubscribed: () => subscription !== null,
      subscribe: () => {
        if (subscription !== null) return
        let last = -1
        let isGone = false
        const end = (): void => {
          isGone = true
          consumer.leftAt = jest.now()
          subscription = null
        }
        consumer.leftAt = Infinity
        const current = client.uploadStatus$('acct_1', upload).subscribe({
          next: value => {
            if (isGone) violates('nothing is emitted after unsubscribe')
            if (last === 3) violates('nothing is emitted after the end')
            const next = isLeft(value) ? 3 : rank[value.right.status]
            if (next <= last) violates('a status does not go backwards, and is not repeated')
            last = isLeft(value) || isTerminal(value.right) ? 3 : next
          },
          error: () => {
            violates('no defect reaches the error channel')
          },
          complete: () => {
            if (last !== 3) violates('it completes after its last value')
            end()
          },
        })
        current.add(() => {
          isGone = true
        })
        subscription = current
      },
      leave: () => {
        if (subscription === null) return
        subscription.unsubscribe()
        subscription = null
        consumer.leftAt = jest.now()
      },
    }
    return consumer
  }
  const consumers = given.consumers.map(consumerOf)

  const drain = async (): Promise<void> => {
    await settle()
    while (scheduler.count() > 0) {
      await scheduler.waitNext(1)
      await settle()
    }
  }

  for (const [i, { acts }] of given.consumers.entries())
    scheduler.scheduleSequence(
      acts.map(act => ({
        label: `${act} ${String(i)}`,
        builder: () => {
          consumers[i]?.[act]()
          return Promise.resolve()
        },
      })),
    )
  scheduler.scheduleSequence(
    given.passes.map(ms => ({
      label: `pass ${String(ms)} ms`,
      builder: () => {
        jest.advanceTimersByTime(ms)
        return Promise.resolve()
      },
    })),
  )
  await drain()

  // The remaining subscribers receive the end.
  for (let i = 0; i < 50 && consumers.some(each => each.isSubscribed()); i += 1) {
    jest.advanceTimersByTime(step)
    await drain()
  }
  if (consumers.some(each => each.isSubscribed()))
    violates('each remaining subscriber receives the end')
  // The others have left nothing behind.
  jest.advanceTimersByTime(2 * grace)
  await drain()
  if (requests.some(({ isOver, signal }) => !isOver && !signal.aborted))
    violates('a request without a subscriber is aborted')
  if (jest.getTimerCount() > 0) violates('no timer is left')
}

describe('a client with several subscribers', () => {
  stopTime()

  // Jest fails a test with an unhandled rejection.
  holds(
    'keeps its guarantees in any order of promises and subscribers',
    250,
    fc.asyncProperty(world, fc.scheduler(), async (given, scheduler) => {
      const broken: string[] = []
      await play(given, scheduler, law => broken.push(law))
      jest.clearAllTimers()
      if (broken.length > 0) throw new Error(broken.join('; '))
    }),
  )
})
