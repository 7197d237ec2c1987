import { isLeft, type Either } from 'fp-ts/Either'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { step } from './promiseTime'

/** The answers of the server. `rejected` ends a watch with a failure. */
export type Reply = UploadStatus['status'] | 'rejected'

/** A subscriber of an upload: the values that it should have received, and those that it received. */
export interface Subscriber {
  readonly upload: string
  expected: readonly string[]
  received: readonly string[]
  isGone: boolean
}

/** The one poll that all subscribers of an upload share. */
interface Poll {
  readonly subscribers: Set<Subscriber>
  status: UploadStatus['status'] | null
  /** When the last subscriber left. */
  leftAt: number
  dueAt: number
}

/** A client as docs/protocol.md specifies it: section Grammar, rule 9, and section Stopping, rule 4. */
export interface ClientModel {
  readonly subscribe: (subscriber: Subscriber) => void
  readonly unsubscribe: (subscriber: Subscriber) => void
  /** Subscribes and unsubscribes in one turn. */
  readonly glance: (upload: string) => void
  readonly answer: (upload: string, reply: Reply) => void
  /** After each step of time. */
  readonly passed: () => void
  readonly requestStarted: (upload: string) => void
  readonly check: (requestsInFlight: (upload: string) => number) => void
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

export const nameOf = (value: Either<Failure, UploadStatus>): string =>
  isLeft(value) ? value.left._tag : value.right.status

/** @param violates receives each law that is broken */
export const clientModel = (
  wait: number,
  grace: number,
  now: () => number,
  violates: (law: string) => void,
): ClientModel => {
  const polls = new Map<string, Poll>()
  const ends = new Map<string, string>()
  const subscribers: Subscriber[] = []

  const tell = (poll: Poll, ...what: readonly string[]): void => {
    for (const subscriber of poll.subscribers)
      subscriber.expected = [...subscriber.expected, ...what]
  }

  return {
    subscribe: subscriber => {
      const { upload } = subscriber
      subscribers.push(subscriber)
      const end = ends.get(upload)
      if (end !== undefined) {
        subscriber.expected = [end, 'end']
        return
      }
      const poll = polls.get(upload) ?? {
        subscribers: new Set(),
        status: null,
        leftAt: Infinity,
        dueAt: now(),
      }
      polls.set(upload, poll)
      poll.subscribers.add(subscriber)
      poll.leftAt = Infinity
      subscriber.expected = poll.status === null ? [] : [poll.status]
    },
    unsubscribe: subscriber => {
      subscriber.isGone = true
      const poll = polls.get(subscriber.upload)
      if (poll?.subscribers.delete(subscriber) === true && poll.subscribers.size === 0)
        poll.leftAt = now()
    },
    glance: upload => {
      // The subscriber that came and went in one turn is the last one that left.
      const poll = polls.get(upload)
      if (poll?.subscribers.size === 0) poll.leftAt = now()
    },
    answer: (upload, reply) => {
      const poll = polls.get(upload)
      if (poll === undefined) return
      poll.dueAt = now() + wait
      if (reply === 'rejected') {
        tell(poll, 'Rejected', 'end')
        polls.delete(upload)
      } else if (
        poll.status === null ||
        (reply !== poll.status && rank[reply] >= rank[poll.status])
      ) {
        poll.status = reply
        tell(poll, reply)
        if (rank[reply] < 2) return
        tell(poll, 'end')
        ends.set(upload, reply)
        polls.delete(upload)
      }
    },
    passed: () => {
      for (const [upload, { leftAt }] of polls) if (now() >= leftAt + grace) polls.delete(upload)
    },
    requestStarted: upload => {
      const poll = polls.get(upload)
      if (poll === undefined) violates('no request is made without a subscriber')
      else if (now() < poll.dueAt) violates('a request starts when it is due')
    },
    check: requestsInFlight => {
      for (const { expected, received, isGone } of subscribers)
        if (!isGone && expected.join() !== received.join())
          violates(`a subscriber receives ${expected.join()}, not ${received.join()}`)
      for (const upload of new Set(subscribers.map(each => each.upload))) {
        const poll = polls.get(upload)
        const requests = requestsInFlight(upload)
        if (requests > 1) violates('one request is in flight for an upload')
        if (poll === undefined && requests > 0) violates('a request ends with its poll')
        if (poll !== undefined && requests === 0 && now() > poll.dueAt + 2 * step)
          violates('a request starts when it is due')
      }
    },
  }
}
