import { waitingView, type UploadView } from 'rx-upload-status'
import { doingOf, historyWith, isEnd, type Doing, type Step } from '../history'
import type { StartedUpload } from '../startedUpload'
import type { Origin } from './origin'

/** On its way to the server. */
interface Sending {
  readonly state: 'sending'
  /** How much of a file was sent, in percent; null where nobody can know. */
  readonly percent: number | null
}

/** The server has nothing of it. */
interface Unsent {
  readonly state: 'refused' | 'cancelled'
  readonly why: string
}

/** Started, and watched to its end unless somebody stopped that. */
export interface Watched {
  readonly state: 'watched' | 'stopped'
  readonly upload: StartedUpload
  readonly view: UploadView
  readonly history: readonly Step[]
}

/** A row of the board. */
export type Entry = {
  readonly key: string
  readonly name: string
  /** What was sent; null if another page sent it, or this one before it was reloaded. */
  readonly origin: Origin | null
} & (Sending | Unsent | Watched)

/** What an entry is doing, in the words of the board. */
export type EntryDoing = Doing | Exclude<Entry['state'], 'watched'>

export const isWatched = (entry: Entry): entry is Entry & Watched =>
  entry.state === 'watched' || entry.state === 'stopped'

export const entryDoing = (entry: Entry): EntryDoing =>
  entry.state === 'watched' ? doingOf(entry.view) : entry.state

/** Whether nothing more happens to it by itself. */
export const isOver = (doing: EntryDoing): boolean =>
  doing === 'refused' || doing === 'cancelled' || (doing !== 'sending' && isEnd(doing))

/** The same, but nobody looks any more. */
export const stoppedAt = (entry: Entry & Watched, at: number): Entry => ({
  ...entry,
  state: 'stopped',
  history: historyWith(entry.history, { doing: 'stopped', at }),
})

/** A watch that begins, for the first time or again. */
export const watchedFrom = (upload: StartedUpload, history: readonly Step[]): Watched => ({
  state: 'watched',
  upload,
  view: waitingView,
  history,
})

/** An entry after its view changed. */
export const withView = (entry: Entry & Watched, view: UploadView, at: number): Entry => {
  const doing = doingOf(view)
  // The wait for a first word is no step.
  const history = doing === 'waiting' ? entry.history : historyWith(entry.history, { doing, at })
  return { ...entry, view, history }
}
