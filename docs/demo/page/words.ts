import { describe, isVaultMedia, type UploadView } from 'rx-upload-status'
import { isEnd, type Doing } from '../history'

/** What an upload is doing, in a word. */
export const words: Readonly<Record<Doing, string>> = {
  waiting: 'Waiting',
  pending: 'Pending',
  processing: 'Processing',
  paused: 'Paused',
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

/** What there is to say of the end, or of nothing that was learned; null where a word says it all. */
export const sentenceOf = (view: UploadView): string | null => {
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
      return `How it ended could not be learned: ${describe(view.failure)}.`
    default:
      return null
  }
}

const counted: readonly (readonly [Doing, string])[] = [
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['unknown', 'unknown'],
]

/** How far all are, in a sentence. */
export const tally = (doings: readonly Doing[]): string => {
  const ended = counted.flatMap(([doing, word]) => {
    const count = doings.filter(each => each === doing).length
    return count === 0 ? [] : [{ count, word }]
  })
  const rest = doings.length - ended.reduce((sum, { count }) => sum + count, 0)
  const parts = rest === 0 ? ended : [{ count: rest, word: 'in progress' }, ...ended]
  return parts.map(({ count, word }) => `${String(count)} ${word}`).join(', ')
}

/** What the tab says, also while it is hidden. */
export const titleOf = (doings: readonly Doing[]): string => {
  const open = doings.filter(doing => !isEnd(doing))
  if (open.length === 0) return 'Uploads'
  return open.every(doing => doing === 'paused')
    ? 'Paused: Uploads'
    : `${String(open.length)} in progress: Uploads`
}
