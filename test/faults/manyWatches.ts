import {
  createUploadStatusClient,
  type ClientOptions,
  type Failure,
  type WatchEvent,
} from 'rx-upload-status'
import { ref } from '../answers'
import { wire } from '../http/wire'
import { whole, type Wire } from '../http/rawServer'
import { pass } from './fakeTime'

/** Watches of many uploads, and their results. */
export interface ManyWatches {
  /** When each attempt started, in ms on the clock of the test. */
  readonly starts: readonly number[]
  readonly answers: () => number
  readonly completed: () => number
  readonly failures: readonly Failure[]
  /** The most attempts at once since the last call. */
  readonly mostAtOnce: () => number
  /** Lets time pass in steps. Requests under way end on their sockets before the next step. */
  readonly go: (ms: number) => Promise<void>
  /** Unsubscribes from all. Requests under way are aborted. */
  readonly stop: () => void
}

const step = 250

/** The timeout in real milliseconds of a test with hundreds of watches, on a busy machine. */
export const patience = 120_000

/** Counts these times in each second from `from` on. */
export const perSecondOf = (times: readonly number[], from: number): readonly number[] => {
  const counts: number[] = []
  for (const at of times) {
    const second = Math.floor((at - from) / 1_000)
    while (counts.length <= second) counts.push(0)
    counts[second] = (counts[second] ?? 0) + 1
  }
  return counts
}

/** Starts this many watches, spread over these clients. Their clock is the test's. */
export const watchMany = (
  watches: number,
  clients: readonly ClientOptions[],
  own: ClientOptions,
): ManyWatches => {
  const starts: number[] = []
  const failures: Failure[] = []
  let running = 0
  let mostRunning = 0
  let answers = 0
  let completed = 0
  const on = ({ _tag }: WatchEvent): void => {
    if (_tag === 'AttemptStarted') {
      starts.push(performance.now())
      running += 1
      mostRunning = Math.max(mostRunning, running)
    }
    if (_tag === 'AttemptFailed' || _tag === 'StatusReceived') running -= 1
    if (_tag === 'StatusReceived') answers += 1
  }
  const all = clients.map(options => createUploadStatusClient({ ...own, ...options, on }))
  const watching = Array.from({ length: watches }, (_, nth) =>
    all[nth % all.length]?.uploadStatus$(ref.account, `u${String(nth)}`).subscribe(value => {
      if (value._tag === 'Left') failures.push(value.left)
      else if (value.right.status === 'completed') completed += 1
    }),
  )
  return {
    starts,
    answers: () => answers,
    completed: () => completed,
    failures,
    mostAtOnce: () => {
      const most = mostRunning
      mostRunning = running
      return most
    },
    go: async ms => {
      for (let passed = 0; passed < ms; passed += step) {
        pass(step)
        do await new Promise(setImmediate)
        while (running > 0)
      }
    },
    stop: () => {
      for (const each of watching) each?.unsubscribe()
      // A client stops polling shortly after its last subscriber left.
      pass(1_000)
    },
  }
}

/** A server that answers for every upload with the current result of `status`. */
export const serveAll = async (status: () => object, port?: number): Promise<Wire> => {
  const server = await wire((socket, nth) => {
    const upload = /uploads\/(\w+)/.exec(server.requests[nth - 1] ?? '')?.[1]
    whole(200, JSON.stringify({ ...status(), prefixed_id: upload }))(socket, nth)
  }, port)
  return server
}
