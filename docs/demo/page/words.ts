import { describe, isVaultMedia, type UploadView } from 'rx-upload-status'
import { isEnd } from '../history'
import { entryDoing, isOver, isWatched, type Entry, type EntryDoing } from './entry'

/** What an upload is doing, in a word. */
export const words: Readonly<Record<EntryDoing, string>> = {
  sending: 'Sending',
  refused: 'Refused',
  cancelled: 'Cancelled',
  waiting: 'Waiting',
  pending: 'Pending',
  processing: 'Processing',
  paused: 'Paused',
  stopped: 'Stopped',
  completed: 'Completed',
  failed: 'Failed',
  unknown: 'Unknown',
}

/** Milliseconds for people. */
export const lasting = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  return seconds < 60
    ? `${String(seconds)} s`
    : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`
}

/** A short time, for people. */
export const tenths = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** What there is to say of an entry; null where a word says it all. */
export const sentenceOf = (entry: Entry): string | null => {
  if (isWatched(entry)) return endOf(entry.view)
  return entry.state === 'sending' ? null : entry.why
}

const endOf = (view: UploadView): string | null => {
  switch (view.phase) {
    case 'completed': {
      const { media } = view.status
      return isVaultMedia(media) && media.type != null
        ? `The ${media.type} is ${media.isReady === true ? 'ready' : 'there; its renditions follow'}.`
        : 'Ready to be used once.'
    }
    case 'failed':
      return view.status.error
    case 'unknown':
      return `Its end is unknown: ${describe(view.failure)}.`
    default:
      return null
  }
}

const counted = ['completed', 'failed', 'unknown', 'stopped', 'refused', 'cancelled'] as const

/** How far all are, in a sentence. */
export const tally = (doings: readonly EntryDoing[]): string => {
  const ended = counted.flatMap(word => {
    const count = doings.filter(doing => doing === word).length
    return count === 0 ? [] : [{ count, word }]
  })
  const rest = doings.length - ended.reduce((sum, { count }) => sum + count, 0)
  const parts = rest === 0 ? ended : [{ count: rest, word: 'in progress' }, ...ended]
  return parts.map(({ count, word }) => `${String(count)} ${word}`).join(', ')
}

/** What the tab says, also while it is hidden. */
export const titleOf = (doings: readonly EntryDoing[]): string => {
  const open = doings.filter(doing => !isOver(doing))
  if (open.length === 0) return 'Uploads'
  return open.every(doing => doing === 'paused')
    ? 'Paused: Uploads'
    : `${String(open.length)} in progress: Uploads`
}

/** The ends that screen readers are told of: those that were seen to come. Null if there is none. */
export const newsOf = (before: readonly Entry[], after: readonly Entry[]): string | null => {
  const known = new Map(before.map(entry => [entry.key, entry]))
  const ended = after.filter(entry => {
    const last = known.get(entry.key)
    return last !== undefined && last !== entry && isNewEnd(last, entry)
  })
  const [first, ...others] = ended
  if (first === undefined) return null
  const doing = entryDoing(first)
  return others.length === 0
    ? `${first.name}: ${words[doing]}. ${sentenceOf(first) ?? ''}`
    : `${tally(ended.map(entryDoing))}.`
}

const isNewEnd = (before: Entry, after: Entry): boolean =>
  isOver(entryDoing(after)) &&
  (startOf(before) !== startOf(after) || !(hasEnded(before) || isOver(entryDoing(before))))

/** What is another object once an entry was sent or watched again, also if that has ended by now. */
const startOf = (entry: Entry): unknown => (isWatched(entry) ? entry.history[0] : entry)

/** Whether it had ended before this page was loaded: then its end is in its history from the start. */
const hasEnded = (entry: Entry): boolean =>
  isWatched(entry) && entry.history.some(({ doing }) => isEnd(doing))
