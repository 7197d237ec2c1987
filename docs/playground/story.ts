import { describeFailure, type WatchEvent } from 'rx-upload-status'
import type { News } from './run'

type Tone = 'status' | 'end' | 'failure'

/** A request, from its start to its outcome. */
interface Attempt {
  readonly from: number
  /** Null while it runs. */
  readonly to: number | null
  readonly tone: Tone
}

/** A wait for the next attempt. */
interface Wait {
  readonly from: number
  readonly to: number
  readonly isRetry: boolean
}

/** A value of the stream. */
interface Mark {
  readonly at: number
  /** What stands in the marble. */
  readonly letter: string
  readonly text: string
  readonly tone: Tone
}

/** What has happened in a run, as it is drawn. Times are milliseconds since the start. */
export interface Story {
  readonly attempts: readonly Attempt[]
  readonly waits: readonly Wait[]
  readonly marks: readonly Mark[]
  readonly lines: readonly { readonly at: number; readonly text: string }[]
  /** When the stream completed; null while it runs. */
  readonly endedAt: number | null
}

export const emptyStory: Story = { attempts: [], waits: [], marks: [], lines: [], endedAt: null }

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** What an event says in one line; null if it says nothing that the picture needs. */
const lineOf = (event: WatchEvent, attempt: number): string | null => {
  switch (event._tag) {
    case 'AttemptStarted':
      return `attempt ${String(event.attempt)} starts`
    case 'StatusReceived':
      return `attempt ${String(attempt)}: ${event.status}`
    case 'StatusUnknown':
      return `attempt ${String(attempt)}: the unknown status ${event.status}`
    case 'AttemptFailed':
      return `attempt ${String(attempt)}: ${describeFailure(event.failure).replace(/ \([^()]*\)$/, '')}`
    case 'RetryScheduled':
      return `retry in ${seconds(event.wait)}`
    case 'PollScheduled':
      return `next poll in ${seconds(event.wait)}`
    case 'StatusRegressed':
      return `${event.to} after ${event.from}: ignored`
    case 'Stalled':
      return `${event.status} for ${seconds(event.unchangedFor)}`
    case 'Settled':
      return event.value._tag === 'Right'
        ? `ends: the upload is ${event.value.right.status}`
        : `ends: ${describeFailure(event.value.left)}`
    case 'Paused':
      return 'pauses'
    case 'Resumed':
      return 'goes on'
    case 'CreditsReported':
    case 'PushIgnored':
    case 'SourceFailed':
    case 'Stopped':
      return null
  }
}

/** The outcome of the attempt that runs; null if the event is none. */
const toneOf = (event: WatchEvent): Tone | null => {
  switch (event._tag) {
    case 'AttemptFailed':
      return 'failure'
    case 'StatusReceived':
      return event.status === 'completed' || event.status === 'failed' ? 'end' : 'status'
    case 'StatusUnknown':
    case 'StatusRegressed':
    case 'Settled':
    case 'Paused':
      return 'status'
    default:
      return null
  }
}

const endAttempt = (
  attempts: readonly Attempt[],
  at: number,
  tone: Tone | null,
): readonly Attempt[] =>
  tone === null
    ? attempts
    : attempts.map(attempt => (attempt.to === null ? { ...attempt, to: at, tone } : attempt))

const afterEvent = (story: Story, event: WatchEvent): Story => {
  const { at } = event
  const line = lineOf(event, story.attempts.length)
  const lines = line === null ? story.lines : [...story.lines, { at, text: line }]
  const attempts = endAttempt(story.attempts, at, toneOf(event))
  switch (event._tag) {
    case 'AttemptStarted':
      return { ...story, lines, attempts: [...attempts, { from: at, to: null, tone: 'status' }] }
    case 'RetryScheduled':
    case 'PollScheduled': {
      const isRetry = event._tag === 'RetryScheduled'
      const wait = { from: at, to: at + Math.min(event.wait, 3_600_000), isRetry }
      return { ...story, lines, attempts, waits: [...story.waits, wait] }
    }
    default:
      return { ...story, lines, attempts }
  }
}

const letters = { pending: 'p', processing: 'r', completed: 'c', failed: 'f' } as const

/** The story after one more piece of news. */
export const record = (story: Story, news: News): Story => {
  switch (news.kind) {
    case 'event':
      return afterEvent(story, news.event)
    case 'value': {
      const { at, value } = news
      const mark: Mark =
        value._tag === 'Left'
          ? { at, letter: 'L', text: `Left(${value.left._tag})`, tone: 'failure' }
          : {
              at,
              letter: letters[value.right.status],
              text: `Right(${value.right.status})`,
              tone: /completed|failed/.test(value.right.status) ? 'end' : 'status',
            }
      return { ...story, marks: [...story.marks, mark] }
    }
    case 'complete':
      return { ...story, endedAt: news.at }
    case 'defect': {
      const line = { at: news.at, text: `a bug: ${news.message}` }
      return { ...story, lines: [...story.lines, line], endedAt: news.at }
    }
  }
}

/** The stream in one line, for those who do not see the picture. */
export const inWords = ({ marks, endedAt }: Story): string => {
  const values = marks.map(({ at, text }) => `${text} at ${seconds(at)}`)
  const end = endedAt === null ? [] : [`complete at ${seconds(endedAt)}`]
  return [...values, ...end].join(', ') || 'no value yet'
}
