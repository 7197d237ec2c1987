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

/** The outcome of a request, once the scheduler releases it. */
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

/** What one consumer does, one thing after the other. */
interface Consumer {
  readonly upload: 'a' | 'b'
  readonly acts: ReadonlyArray<'subscribe' | 'leave'>
}

interface World {
  readonly consumers: readonly Consumer[]
  /** How time passes meanwhile. */
  readonly passes: readonly number[]
  readonly outcomes: readonly Outcome[]
  readonly apiKey: 'at once' | 'later' | 'never'
  readonly isStreamed: boolean
  /** A fetch may be deaf to its signal. */
  readonly isDeaf: boolean
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
  apiKey: fc.constantFrom('at once', 'later', 'later', 'never'),
  isStreamed: fc.boolean(),
  isDeaf: fc.boolean(),
})

/** One request: it is over when its last byte was read, or when there will be none. */
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
      violates('no request is made for nobody')
    requests.push(asked)
    const answered = later(`${outcome} for ${upload}`, () => {
      if (outcome !== 'no answer') return responseOf(asked, outcome)
      asked.isOver = true
      throw new Error('refused')
    })
    return given.isDeaf
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
      given.apiKey === 'at once'
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

  /** A consumer, and what holds for each of its subscriptions. */
  const consumerOf = ({ upload }: Consumer) => {
    let subscription: Subscription | null = null
    const consumer = {
      upload,
      /** When it was last there; for ever, while it is. */
      leftAt: -Infinity,
      isThere: () => subscription !== null,
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
            if (last !== 3) violates('it completes at its end')
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

  // The remaining subscriber receives the end.
  for (let i = 0; i < 50 && consumers.some(each => each.isThere()); i += 1) {
    jest.advanceTimersByTime(step)
    await drain()
  }
  if (consumers.some(each => each.isThere())) violates('who stays is told the end')
  // Who had left has left nothing behind.
  jest.advanceTimersByTime(2 * grace)
  await drain()
  if (requests.some(({ isOver, signal }) => !isOver && !signal.aborted))
    violates('a request that nobody waits for is aborted')
  if (jest.getTimerCount() > 0) violates('no timer is left')
}

describe('the sharing of a client', () => {
  stopTime()

  // An unhandled rejection fails a test by itself.
  holds(
    'keeps to its laws, in whatever order promises and consumers act',
    250,
    fc.asyncProperty(world, fc.scheduler(), async (given, scheduler) => {
      const broken: string[] = []
      await play(given, scheduler, law => broken.push(law))
      jest.clearAllTimers()
      if (broken.length > 0) throw new Error(broken.join('; '))
    }),
  )
})
