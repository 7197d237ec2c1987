import { describe, type UploadRef, type WatchEvent } from 'rx-upload-status'

/** How a line of a story is marked. */
export type Mark = 'attempt' | 'status' | 'trouble' | 'wait'

/** One thing that happened to an upload. */
export interface StoryLine {
  readonly upload: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly mark: Mark
  readonly text: string
  /** When the wait that begins here will be over, in milliseconds since 1970; null if none begins. */
  readonly until: number | null
}

/** The lines from one number on, at most 1,000. */
export interface Chapter {
  readonly lines: readonly StoryLine[]
  /** The number to continue from. */
  readonly next: number
}

const mostInChapter = 1_000

/** What happened to all uploads of the page, line by line. */
export interface Stories {
  /** Adds what an event of a watch says, if there is something to say. */
  readonly note: (event: WatchEvent) => void
  /** The lines from number `from` on that are still there. */
  readonly since: (from: number) => Chapter
}

/** Older lines are dropped. */
const mostLines = 5_000

/** Stories in which nothing has happened yet. */
export const createStories = (): Stories => {
  const lines: StoryLine[] = []
  let dropped = 0
  return {
    note: event => {
      const told = lineOf(event)
      if (told === null) return
      const [mark, text, wait] = told
      const at = Date.now()
      lines.push({
        upload: event.upload,
        at,
        mark,
        text,
        until: wait === undefined ? null : at + wait,
      })
      if (lines.length > mostLines) dropped += lines.splice(0, mostLines / 2).length
    },
    since: from => {
      const start = Math.max(0, from - dropped)
      const chapter = lines.slice(start, start + mostInChapter)
      return { lines: chapter, next: dropped + start + chapter.length }
    },
  }
}

/** Milliseconds until the wait that runs is over; null if none does. */
export const waitLeft = (lines: readonly StoryLine[], now: number): number | null => {
  const until = lines.at(-1)?.until ?? null
  return until === null || until <= now ? null : until - now
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** A wait for the budget, in milliseconds, that is worth a word. */
const late = 100

const lineOf = (event: WatchEvent & UploadRef): readonly [Mark, string, wait?: number] | null => {
  switch (event._tag) {
    case 'AttemptStarted': {
      const attempt = `Attempt ${String(event.attempt)}`
      return event.late < late
        ? ['attempt', attempt]
        : ['attempt', `${attempt}, after ${seconds(event.late)} in the budget's queue`]
    }
    case 'StatusReceived':
      return ['status', event.via === 'push' ? `${event.status}, pushed` : event.status]
    case 'StatusUnknown':
      return ['trouble', 'A status that this version does not know']
    case 'StatusRegressed':
      return ['trouble', `${event.to} after ${event.from}: not shown, and polled again`]
    case 'AttemptFailed':
      return ['trouble', describe(event.failure)]
    case 'RetryScheduled':
      return ['wait', `Retry in ${seconds(event.wait)}`, event.wait]
    case 'PollScheduled':
      return ['wait', `Next poll in ${seconds(event.wait)}`, event.wait]
    case 'Paused':
      return ['wait', 'Paused']
    case 'Resumed':
      return ['wait', 'Resumed']
    case 'Stalled':
      return ['trouble', `No other status for ${seconds(event.unchangedFor)}`]
    case 'Settled':
    case 'Stopped':
    case 'CreditsReported':
    case 'PushIgnored':
    case 'SourceFailed':
      return null
  }
}
