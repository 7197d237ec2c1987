import { describe, jest } from '@jest/globals'
import fc from 'fast-check'
import type { Subscription } from 'rxjs'
import { createUploadStatusClient } from '../../src/client'
import { requestBudget } from '../../src/budget/requestBudget'
import type { FetchResponse } from '../../src/http/fetch'
import { spaced } from '../../src/watch/schedule'
import { clientModel, nameOf, type Reply, type Subscriber } from './clientModel'
import { holds } from './holds'
import { pass, settle, step, stopTime } from './promiseTime'

const wait = 2 * step

type Upload = 'a' | 'b'

/** A request that waits for its answer. */
interface Asked {
  readonly upload: string
  readonly signal: AbortSignal
  readonly answer: (response: FetchResponse) => void
}

const answerOf = (upload: string, reply: Reply): FetchResponse => ({
  status: reply === 'rejected' ? 403 : 200,
  headers: { get: () => null },
  text: () =>
    Promise.resolve(
      JSON.stringify({ status: reply, prefixed_id: upload, media: { id: 7 }, error: 'No.' }),
    ),
})

/** A client and its subscribers, compared with the model. */
interface Machine {
  readonly isAsking: (upload: Upload) => boolean
  readonly subscribe: (upload: Upload) => Promise<void>
  /** Subscribes and unsubscribes in the same turn. */
  readonly glance: (upload: Upload) => Promise<void>
  /** Unsubscribes the n-th remaining subscriber. */
  readonly leave: (nth: number) => Promise<void>
  readonly answer: (upload: Upload, reply: Reply) => Promise<void>
  readonly pass: (ms: number) => Promise<void>
  readonly allLeave: () => Promise<void>
}

const machineOf = (violates: (law: string) => void): Machine => {
  const model = clientModel(wait, 250, () => jest.now(), violates)
  const requests = new Set<Asked>()
  const inFlight = (upload: string): readonly Asked[] =>
    [...requests].filter(each => each.upload === upload && !each.signal.aborted)
  const present: { readonly subscriber: Subscriber; readonly subscription: Subscription }[] = []
  const client = createUploadStatusClient({
    apiKey: () => Promise.resolve('key'),
    fetch: (url, { signal }) =>
      new Promise((answer, reject) => {
        const upload = url.split('/').at(-2) ?? ''
        model.requestStarted(upload)
        requests.add({ upload, signal, answer })
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      }),
    schedule: spaced(wait),
    retry: { retries: 0 },
    attemptTimeout: 1_000_000,
    deadline: Infinity,
    budget: requestBudget({ perMinute: 1_000_000, clock: () => jest.now() }),
    clock: () => jest.now(),
  })
  const look = (): void => {
    model.check(upload => inFlight(upload).length)
  }
  const subscribe = (upload: Upload): Subscription => {
    const subscriber: Subscriber = { upload, expected: [], received: [], isGone: false }
    model.subscribe(subscriber)
    let isInTurn = true
    const tell = (what: string): void => {
      if (subscriber.isGone) violates('nothing is emitted after unsubscribe')
      if (isInTurn) violates('nothing is emitted in the turn of subscribe')
      subscriber.received = [...subscriber.received, what]
    }
    const subscription = client.uploadStatus$('acct_1', upload).subscribe({
      next: value => {
        tell(nameOf(value))
      },
      error: () => {
        tell('error')
      },
      complete: () => {
        tell('end')
      },
    })
    isInTurn = false
    present.push({ subscriber, subscription })
    return subscription
  }
  const leave = (nth: number): void => {
    const [gone] = present.splice(nth % Math.max(1, present.length), 1)
    if (gone === undefined) return
    gone.subscription.unsubscribe()
    model.unsubscribe(gone.subscriber)
  }
  const settled = async (): Promise<void> => {
    await settle()
    look()
  }
  const passes = (ms: number): Promise<void> =>
    pass(ms, () => {
      model.passed()
      look()
    })
  return {
    isAsking: upload => inFlight(upload).length > 0,
    subscribe: upload => {
      subscribe(upload)
      return settled()
    },
    glance: upload => {
      model.glance(upload)
      client.uploadStatus$('acct_1', upload).subscribe().unsubscribe()
      return settled()
    },
    leave: nth => {
      leave(nth)
      return settled()
    },
    answer: (upload, reply) => {
      const [asked] = inFlight(upload)
      if (asked !== undefined) {
        requests.delete(asked)
        model.answer(upload, reply)
        asked.answer(answerOf(upload, reply))
      }
      return settled()
    },
    pass: passes,
    allLeave: async () => {
      while (present.length > 0) leave(0)
      await passes(6 * step)
    },
  }
}

const command = (
  name: string,
  run: (machine: Machine) => Promise<void>,
  isPossible: (machine: Machine) => boolean = () => true,
): fc.AsyncCommand<Machine, Machine> => ({
  check: isPossible,
  run,
  toString: () => name,
})

const upload = fc.constantFrom<Upload>('a', 'a', 'b')
const reply = fc.constantFrom<Reply>(
  'pending',
  'pending',
  'processing',
  'processing',
  'completed',
  'failed',
  'rejected',
)

const commands = fc.commands(
  [
    upload.map(name => command(`subscribe to ${name}`, machine => machine.subscribe(name))),
    upload.map(name => command(`glance at ${name}`, machine => machine.glance(name))),
    fc.nat({ max: 9 }).map(nth => command(`leave ${String(nth)}`, machine => machine.leave(nth))),
    fc.tuple(upload, reply).map(([name, what]) =>
      command(
        `answer ${what} of ${name}`,
        machine => machine.answer(name, what),
        machine => machine.isAsking(name),
      ),
    ),
    fc
      .constantFrom(step, wait, 250 - step, 250, 250 + step, 500)
      .map(ms => command(`pass ${String(ms)} ms`, machine => machine.pass(ms))),
  ],
  { maxCommands: 40, size: 'max' },
)

describe('a client', () => {
  stopTime()

  holds(
    'polls an upload once for all its subscribers, and only while there are any',
    250,
    fc.asyncProperty(commands, async done => {
      const broken: string[] = []
      const machine = machineOf(law => broken.push(law))
      await fc.asyncModelRun(() => ({ model: machine, real: machine }), done)
      await machine.allLeave()
      if (jest.getTimerCount() > 0) broken.push('no timer is left')
      jest.clearAllTimers()
      if (broken.length > 0) throw new Error(broken.join('; '))
    }),
  )
})
