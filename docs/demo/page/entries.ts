import { asyncScheduler, distinctUntilChanged, Subject, tap, throttleTime } from 'rxjs'
import { uploadView$, type UploadStatusSource, type UploadView } from 'rx-upload-status'
import { mostSending, mostWatched } from '../limits'
import type { StartedUpload } from '../startedUpload'
import { isWatched, stoppedAt, watchedFrom, withView, type Entry } from './entry'
import { nameOf, type Origin } from './origin'
import { sendUpload$ } from './sendUpload'
import { createTasks } from './tasks'

/** The rows of the board, and all that can be done to them. */
export interface Entries {
  readonly subscribe: (onChange: () => void) => () => void
  /** The newest first, those that were started together in their own order. */
  readonly all: () => readonly Entry[]
  /** Sends files and URLs, and watches what becomes of them. */
  readonly start: (origins: readonly Origin[]) => void
  /** Adds uploads that were started before. */
  readonly add: (uploads: readonly StartedUpload[]) => void
  /** Watches again what could not be learned or was stopped; sends again what did not succeed. */
  readonly retry: (keys: readonly string[]) => void
  /** Cancels what is being sent; stops the watch of what was started. */
  readonly stop: (key: string) => void
  /** Takes rows off the board, and stops what they do. */
  readonly dismiss: (keys: readonly string[]) => void
}

/** Milliseconds between two renderings: many changes make one. */
const frame = 100

const isAlike = (a: UploadView, b: UploadView): boolean =>
  a.phase === b.phase &&
  a.status === b.status &&
  a.failure === b.failure &&
  a.isPaused === b.isPaused

/** A board without rows. It lives as long as its page. */
export const createEntries = (source: UploadStatusSource): Entries => {
  let order: readonly string[] = []
  let shown: readonly Entry[] = []
  const entries = new Map<string, Entry>()
  const listeners = new Set<() => void>()
  const tasks = createTasks({ send: mostSending, watch: mostWatched })

  const changes$ = new Subject<null>()
  changes$.pipe(throttleTime(frame, asyncScheduler, { leading: true, trailing: true })).subscribe({
    next: () => {
      shown = order.flatMap(key => entries.get(key) ?? [])
      for (const listener of listeners) listener()
    },
    error: reportError,
  })

  const put = (entry: Entry): void => {
    entries.set(entry.key, entry)
    changes$.next(null)
  }

  const watch = (key: string, { account, upload }: StartedUpload): void => {
    const views$ = uploadView$(source, account, upload).pipe(
      distinctUntilChanged(isAlike),
      tap(view => {
        const entry = entries.get(key)
        if (entry !== undefined && isWatched(entry)) put(withView(entry, view, Date.now()))
      }),
    )
    tasks.begin('watch', key, views$)
  }

  const send = (key: string, name: string, origin: Origin): void => {
    put({ key, name, origin, state: 'sending', percent: null })
    const sent$ = sendUpload$(origin).pipe(
      tap(sent => {
        if (sent.state !== 'started') {
          put({ key, name, origin, ...sent })
          return
        }
        const { upload } = sent
        // It was listed in the meantime.
        dismiss([upload.upload])
        put({ key, name, origin, ...watchedFrom(upload, upload.history) })
        watch(key, upload)
      }),
    )
    tasks.begin('send', key, sent$)
  }

  const dismiss = (keys: readonly string[]): void => {
    const gone = new Set(keys.filter(key => entries.has(key)))
    if (gone.size === 0) return
    for (const key of gone) {
      tasks.end(key)
      entries.delete(key)
    }
    order = order.filter(key => !gone.has(key))
    changes$.next(null)
  }

  const retry = (entry: Entry): void => {
    const { key, name, origin } = entry
    if (!isWatched(entry) || entry.view.phase === 'failed') {
      if (origin !== null) send(key, name, origin)
      return
    }
    const { upload } = entry
    put({ key, name, origin, ...watchedFrom(upload, [{ doing: 'waiting', at: Date.now() }]) })
    watch(key, upload)
  }

  return {
    all: () => shown,
    dismiss,
    subscribe: onChange => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    start: origins => {
      const started = origins.map(origin => ({ key: crypto.randomUUID(), origin }))
      order = [...started.map(({ key }) => key), ...order]
      for (const { key, origin } of started) send(key, nameOf(origin), origin)
    },
    add: uploads => {
      const known = new Set(
        [...entries.values()].map(entry => (isWatched(entry) ? entry.upload.upload : entry.key)),
      )
      const added = uploads.filter(({ upload }) => !known.has(upload))
      order = [...order, ...added.map(({ upload }) => upload)]
      for (const upload of added) {
        const { upload: key, name, history } = upload
        put({ key, name, origin: null, ...watchedFrom(upload, history) })
        watch(key, upload)
      }
    },
    retry: keys => {
      for (const key of keys) {
        const entry = entries.get(key)
        if (entry !== undefined) retry(entry)
      }
    },
    stop: key => {
      const entry = entries.get(key)
      if (entry === undefined) return
      tasks.end(key)
      if (entry.state === 'sending')
        put({ ...entry, state: 'cancelled', why: 'Cancelled before it was sent.' })
      else if (entry.state === 'watched') put(stoppedAt(entry, Date.now()))
    },
  }
}
