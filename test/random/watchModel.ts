import { isLeft, type Either } from 'fp-ts/Either'
import type { WatchEvent } from '../../src/watch/event'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing } from '../answers'

/** The meaning of an answer in docs/protocol.md. */
type Meaning =
  | { readonly is: 'status'; readonly status: UploadStatus }
  | {
      readonly is: 'transient' | 'malformed' | 'throttled' | 'notFound' | 'final'
      readonly tag: Failure['_tag']
      readonly retryAfter?: number
    }

/** The names are those of the answers in `watchMachine`. */
export const meanings = {
  pending: { is: 'status', status: pending },
  processing: { is: 'status', status: processing },
  completed: { is: 'status', status: completed },
  failed: { is: 'status', status: failed },
  unreachable: { is: 'transient', tag: 'Unreachable' },
  tls: { is: 'final', tag: 'Unreachable' },
  timedOut: { is: 'transient', tag: 'TimedOut' },
  unavailable: { is: 'transient', tag: 'Unavailable' },
  unavailableFor: { is: 'transient', tag: 'Unavailable', retryAfter: 3_000 },
  throttled: { is: 'throttled', tag: 'Throttled', retryAfter: 2_000 },
  throttledLong: { is: 'throttled', tag: 'Throttled', retryAfter: 3_600_000 },
  throttledBare: { is: 'throttled', tag: 'Throttled' },
  rejected: { is: 'final', tag: 'Rejected' },
  notFound: { is: 'notFound', tag: 'Rejected' },
  unknown: { is: 'malformed', tag: 'Malformed' },
  empty: { is: 'malformed', tag: 'Malformed' },
  stranger: { is: 'malformed', tag: 'Malformed' },
  oversized: { is: 'final', tag: 'Malformed' },
  html: { is: 'transient', tag: 'Unavailable' },
} as const satisfies Readonly<Record<string, Meaning>>

export type AnswerName = keyof typeof meanings

/** The options of a watch, as far as the grammar depends on them. */
export interface Rules {
  readonly deadline: number
  readonly wait: number
  readonly retries: number
  readonly base: number
  readonly cap: number
  readonly notFoundGrace: number
  readonly emit: 'changes' | 'every'
  /** Whether a budget may delay a request, for a time that this model does not know. */
  readonly isBudgeted: boolean
}

/** The two clocks of a machine: one of the timers, and one that may also jump forward. */
export interface Clocks {
  readonly now: () => number
  readonly clock: () => number
}

/** The earliest and the latest moment at which something may happen. */
interface Span {
  readonly from: number
  readonly to: number
}

/** A watch as docs/protocol.md specifies it. It receives everything that happens to a real one. */
export interface WatchModel {
  readonly isOver: () => boolean
  readonly isAsking: () => boolean
  /** Milliseconds until a request must have started. */
  readonly untilDue: () => number
  // Actions on the watch, called before the action.
  readonly answer: (name: AnswerName) => void
  readonly push: (status: UploadStatus) => void
  readonly pause: () => void
  readonly resume: () => void
  readonly abort: () => void
  readonly unsubscribe: () => void
  readonly leap: (ms: number) => void
  // Effects of the watch.
  readonly reported: (event: WatchEvent) => void
  readonly requestStarted: () => void
  readonly requestEnded: () => void
  readonly emitted: (value: Either<Failure, UploadStatus>) => void
  readonly completed: () => void
  /** Checks that everything that had to happen by now has happened. */
  readonly check: () => void
}

type Emission = UploadStatus['status'] | Failure['_tag']

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

const isStatus = (emission: Emission): emission is UploadStatus['status'] => emission in rank

const isLast = (emission: Emission): boolean => !isStatus(emission) || rank[emission] === 2

/** Timers add up fractions of a millisecond. */
const epsilon = 1e-6

/** @param violates receives each law that is broken */
export const watchModel = (
  rules: Rules,
  { now, clock }: Clocks,
  violates: (law: string) => void,
): WatchModel => {
  const start = now()
  const startClock = clock()
  let isOver = false
  let isComplete = false
  let isActive = true
  let isAsking = false
  let attempts = 0
  let status: UploadStatus['status'] | null = null
  /** What it must emit before anything else happens. */
  let expected: readonly Emission[] = []
  /** The status that was known when a failure occurred; a push may change it during the callback. */
  let knownByFailure: UploadStatus['status'] | null = null
  let retries = 0
  let malformed = 0
  /** When the next request may and must start; null while one runs or the watch is paused. */
  let due: Span | null = { from: start, to: start }
  /** The wait that the server requested, on the clock. */
  let notBefore: Span = { from: -Infinity, to: -Infinity }
  /** How often the machine may have slept, for more than 5 s each, since the next request was scheduled. */
  let sleeps = 0
  /** When the next request was due, as a pause began; null while one ran. */
  let dueBefore: number | null = null
  /** Its deadline on the clock of the timers, or a minute after the poll that follows a pause. */
  let endsAt = start + rules.deadline
  /** By how much the clock jumped since then, or since the last of these sleeps. */
  let leapt = 0

  const dueIn = (from: number, to: number): void => {
    sleeps = 0
    leapt = 0
    due = { from: now() + from, to: now() + to }
  }

  /** Past its deadline a watch sends no request. It ends at the latest when its timer fires, too. */
  const isLate = (): boolean => clock() - startClock > rules.deadline - epsilon

  const latest = (): number =>
    due === null || rules.isBudgeted || isLate() ? Infinity : due.to + 5_000 * sleeps

  const end = (): void => {
    isOver = true
    due = null
  }

  const learn = ({ status: next }: UploadStatus): void => {
    if (isOver || (status !== null && rank[next] < rank[status])) return
    if (next === status && rules.emit === 'changes') return
    // It is emitted first, and an earlier status that was not emitted yet is dropped.
    const rest = expected.filter(emission => !isStatus(emission) || emission === next)
    expected = isLast(next) ? [next] : [next, ...rest]
    status = next
  }

  const fail = ({ is, tag, retryAfter = 0 }: Exclude<Meaning, { readonly is: 'status' }>): void => {
    const elapsed = clock() - startClock
    const isFree = is === 'throttled' || (is === 'notFound' && elapsed < rules.notFoundGrace)
    const isFinal = is === 'final' || is === 'notFound' || (is === 'malformed' && malformed === 3)
    if (
      (!isFree && (isFinal || retries >= rules.retries)) ||
      (retryAfter > 0 && elapsed + retryAfter > rules.deadline)
    ) {
      expected = [tag]
      knownByFailure = status
      return
    }
    const longest = Math.min(rules.cap, rules.base * 2 ** retries)
    if (!isFree) {
      retries += 1
      malformed = is === 'malformed' ? malformed + 1 : 0
    }
    // At least the requested wait, and up to a tenth more.
    if (retryAfter > 0) dueIn(retryAfter, Math.max(longest, 1.12 * retryAfter))
    else if (isFree) dueIn(rules.base, rules.base + rules.cap)
    else dueIn(0, longest)
    if (due !== null && (retryAfter > 0 || is === 'throttled'))
      notBefore = { from: due.from - now() + clock(), to: due.to - now() + clock() }
  }

  return {
    isOver: () => isOver,
    isAsking: () => isAsking,
    untilDue: () => latest() - now(),
    answer: name => {
      const meaning: Meaning = meanings[name]
      if (meaning.is !== 'status') {
        fail(meaning)
        return
      }
      retries = 0
      malformed = 0
      dueIn(rules.wait, rules.wait)
      learn(meaning.status)
    },
    push: learn,
    pause: () => {
      // A sleep may have delayed it, and the pause keeps that delay.
      if (isActive) dueBefore = due === null ? null : due.to + 5_000 * sleeps
      isActive = false
      due = null
    },
    resume: () => {
      if (isActive || isOver) return
      isActive = true
      // It is spread over the wait of the schedule. An aborted request is not repeated immediately.
      const latest = Math.max(
        notBefore.to - clock(),
        (dueBefore ?? now()) - now(),
        rules.wait,
        1_000,
      )
      dueIn(0, latest)
      if (isLate()) endsAt = now() + latest + 60_000
    },
    abort: () => {
      if (!isOver) expected = ['Cancelled']
    },
    unsubscribe: () => {
      end()
      isComplete = true
      expected = []
    },
    leap: ms => {
      leapt += ms
      if (leapt <= 5_000) return
      sleeps += 1
      leapt = 0
    },
    reported: ({ _tag }) => {
      if (_tag === 'AttemptStarted') attempts += 1
      if (_tag === 'Settled') end()
    },
    requestStarted: () => {
      if (isOver) violates('no request starts after the end')
      if (!isActive) violates('no request starts while it is paused')
      if (isAsking) violates('one request is in flight at a time')
      if (due === null || now() < due.from - epsilon) violates('no request starts before it is due')
      if (clock() < notBefore.from - epsilon) violates('no request starts before Retry-After')
      isAsking = true
      due = null
    },
    requestEnded: () => {
      isAsking = false
    },
    emitted: value => {
      const emission = isLeft(value) ? value.left._tag : value.right.status
      // The deadline counts on the clock. A jump may be noticed as soon as anything happens.
      const isExpired = emission === 'Expired' && isLate()
      if (isComplete) violates('nothing is emitted after the end')
      if (expected[0] !== emission && !isExpired)
        violates(`it emits what it learned, not ${emission}`)
      expected = expected.slice(1)
      if (isLast(emission)) end()
      if (!isLeft(value)) return
      if (value.left.attempts !== attempts) violates('a failure counts the attempts')
      if (value.left.elapsed !== Math.round(clock() - startClock))
        violates('a failure has its time')
      if (![status, knownByFailure].includes(value.left.lastStatus))
        violates('a failure has the last status')
    },
    completed: () => {
      if (!isOver || expected.length > 0) violates('it completes after its last value')
      isComplete = true
    },
    check: () => {
      if (expected.length > 0) violates(`it emits ${expected.join(', ')}`)
      if (isOver && !isComplete) violates('it completes after its last value')
      if (isAsking && (isOver || !isActive)) violates('its end or a pause aborts the request')
      if (isOver) return
      if (isActive && now() > endsAt + epsilon) violates('it ends at its deadline')
      if (!isAsking && now() > latest() + epsilon) violates('a request starts when it is due')
    },
  }
}
