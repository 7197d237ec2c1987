import { isLeft, type Either } from 'fp-ts/Either'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { step } from './promiseTime'

/** What a server can say; `rejected` ends a watch with a failure. */
export type Said = UploadStatus['status'] | 'rejected'

/** One who subscribed to an upload: what it should have been told, and what it was. */
export interface Subscriber {
  readonly upload: string
  expected: readonly string[]
  told: readonly string[]
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

/** A client as docs/protocol.md has it: section Grammar, rule 9, and section Stopping, rule 4. */
export interface ClientModel {
  readonly subscribe: (subscriber: Subscriber) => void
  readonly unsubscribe: (subscriber: Subscriber) => void
  /** Subscribes and unsubscribes in one turn. */
  readonly glance: (upload: string) => void
  readonly answer: (upload: string, said: Said) => void
  /** After each step of time. */
  readonly passed: () => void
  readonly requestStarted: (upload: string) => void
  readonly check: (requestsInFlight: (upload: string) => number) => void
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

export const nameOf = (value: Either<Failure, UploadStatus>): string =>
  isLeft(value) ? value.left._tag : value.right.status

/** @param violates is called with a law that is broken */
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
      // The subscriber that came and went in one turn was the last one to leave.
      const poll = polls.get(upload)
      if (poll?.subscribers.size === 0) poll.leftAt = now()
    },
    answer: (upload, said) => {
      const poll = polls.get(upload)
      if (poll === undefined) return
      poll.dueAt = now() + wait
      if (said === 'rejected') {
        tell(poll, 'Rejected', 'end')
        polls.delete(upload)
      } else if (
        poll.status === null ||
        (said !== poll.status && rank[said] >= rank[poll.status])
      ) {
        poll.status = said
        tell(poll, said)
        if (rank[said] < 2) return
        tell(poll, 'end')
        ends.set(upload, said)
        polls.delete(upload)
      }
    },
    passed: () => {
      for (const [upload, { leftAt }] of polls) if (now() >= leftAt + grace) polls.delete(upload)
    },
    requestStarted: upload => {
      const poll = polls.get(upload)
      if (poll === undefined) violates('a request is made for who subscribed, and for nobody else')
      else if (now() < poll.dueAt) violates('a request starts when it is due')
    },
    check: requestsInFlight => {
      for (const { expected, told, isGone } of subscribers)
        if (!isGone && expected.join() !== told.join())
          violates(`a subscriber is told ${expected.join()}, not ${told.join()}`)
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
