import { isTerminal, type TrackedStatus } from 'rx-upload-status'
import { fateOf } from './fate'

/** Receives the notifications of a stream of statuses, and reports what its grammar forbids. */
export interface Grammar {
  readonly next: (tracked: TrackedStatus) => void
  readonly complete: () => void
  readonly error: (defect: unknown) => void
  /** The subscriber has unsubscribed. */
  readonly leave: () => void
  /** The uploads that have not ended. */
  readonly open: () => readonly string[]
}

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

/**
 * Each upload: statuses that go forward, then a terminal one or a failure, and nothing after it. The
 * stream completes when all have ended, and is silent afterwards. A terminal status is the one that
 * the server has for this upload.
 */
export const grammarOf = (
  who: string,
  uploads: readonly string[],
  report: (what: string) => void,
): Grammar => {
  const open = new Set(uploads)
  const latest = new Map<string, number>()
  let over: string | null = null

  const broken = (what: string): void => {
    report(`grammar: ${who}: ${what}`)
  }
  const check = (what: string): void => {
    if (over !== null) broken(`${what} after it ${over}`)
  }

  return {
    next: ({ upload, status }) => {
      check('a value')
      if (!uploads.includes(upload)) broken('a value of an upload that it does not watch')
      else if (!open.has(upload)) broken('a value after the end of an upload')
      if (status._tag === 'Left') {
        open.delete(upload)
        return
      }
      const { right } = status
      if (right.prefixed_id !== upload) broken("another upload's status")
      if (rank[right.status] < (latest.get(upload) ?? 0)) broken('a status that went back')
      latest.set(upload, rank[right.status])
      if (!isTerminal(right)) return
      open.delete(upload)
      const fate = fateOf(upload)
      if (fate !== null && right.status !== fate.end)
        broken(`${right.status}, which should be ${fate.end}`)
    },
    complete: () => {
      check('a completion')
      over ??= 'completed'
      if (open.size > 0) broken(`completed without an end of ${String(open.size)} uploads`)
    },
    error: defect => {
      check('an error')
      over ??= 'errored'
      broken(`a defect: ${String(defect)}`)
    },
    leave: () => {
      over ??= 'left'
    },
    open: () => [...open],
  }
}
