import { asapScheduler, type Observer, type Unsubscribable } from 'rxjs'
import * as E from './model/either'
import type { WatchEvent } from './model/event'
import { goesOn } from './model/goesOn'
import { refName } from './model/identifier'
import { tell } from './model/tell'
import { isTerminal, type TerminalStatus, type UploadStatus } from './model/uploadStatus'
import type { ExpectedUpload, Running, Watched } from './pipeline/running'
import type { Watches } from './pipeline/watches'

/** Ends of uploads that are kept, to be given without a request; the oldest go first. */
const mostRemembered = 1_000

/** What is asked of a watch that is shared. */
export interface Shareable extends Pick<Running, 'isOver'> {
  readonly watch: Pick<Running['watch'], 'attempts' | 'status'>
  /** What it is asking now, if it is. */
  readonly asking: unknown
}

/** Watches that can be shared: those that poll, or others. */
export interface ShareableWatches<One extends Shareable> extends Pick<Watches, 'after'> {
  /** Starts a watch. It tells the observer nothing in this turn. */
  readonly start: (ref: ExpectedUpload, observer: Observer<Watched>) => One
  /** Stops a watch at once. */
  readonly stop: (running: One) => void
}

/** Told of what becomes of uploads. */
export interface Follower {
  /** What it throws is ignored. */
  readonly on?: ((event: WatchEvent) => void) | undefined
  readonly next: (ref: ExpectedUpload, value: Watched) => void
  readonly complete: () => void
  readonly error: (defect: unknown) => void
}

/** Watches that may each have several followers. */
export interface SharedWatches {
  /**
   * Follows an upload: a follower that comes late is told the current status, and after the end the
   * terminal one, at once but not in this turn; before it, what the watch is doing, if that is a
   * request or a pause. Gives false, and does nothing, if it follows this upload already.
   */
  readonly follow: (ref: ExpectedUpload, follower: Follower) => boolean
  /** Stops telling a follower about an upload. */
  readonly leave: (ref: ExpectedUpload, follower: Follower) => void
  /** Stops telling a follower about anything. */
  readonly leaveAll: (follower: Follower) => void
  /** Tells those who follow an upload what happened in its watch. */
  readonly tell: (event: WatchEvent) => void
}

/** What is not even an object becomes a reference too, and is then found to be invalid. */
const refOf = (ref: ExpectedUpload | null | undefined): ExpectedUpload => {
  // Of the user's object no more is kept than is needed.
  const { account, upload, hint } = ref ?? { account: '', upload: '' }
  return { account, upload, hint }
}

/** One watch and its followers. There may be a hundred thousand: its methods are not its own. */
class SharedWatch<One extends Shareable> implements Observer<Watched> {
  running: One | null = null
  grace: Unsubscribable | null = null
  /** The event with which the request or the pause began that goes on. */
  doing: WatchEvent | null = null
  followers: readonly Follower[] = []

  constructor(
    readonly ref: ExpectedUpload,
    readonly end: (watch: SharedWatch<One>, terminal: TerminalStatus | null) => void,
  ) {}

  next(value: Watched): void {
    const { followers } = this
    if (E.isLeft(value)) this.end(this, null)
    else if (isTerminal(value.right)) this.end(this, value.right)
    for (const follower of followers) if (this.hasStill(follower)) follower.next(this.ref, value)
  }

  complete(): void {
    for (const follower of this.followers) follower.complete()
  }

  error(defect: unknown): void {
    this.end(this, null)
    for (const follower of this.followers) follower.error(defect)
  }

  tell(event: WatchEvent): void {
    const { _tag } = event
    if (!goesOn(event)) this.doing = _tag === 'AttemptStarted' || _tag === 'Paused' ? event : null
    for (const follower of this.followers) if (this.hasStill(follower)) tell(follower.on, event)
  }

  /** What was last learned, while it runs. */
  status(): UploadStatus | null {
    return this.running?.isOver === false ? this.running.watch.status : null
  }

  /** Whether there is anything yet that would have to be done again. */
  hasAsked(): boolean {
    return (
      this.running !== null && (this.running.asking !== null || this.running.watch.attempts > 0)
    )
  }

  /** Whether a follower has not left while another one was told. */
  hasStill(follower: Follower): boolean {
    return this.followers.includes(follower)
  }
}

/**
 * Shares each watch among all who follow its upload. It outlives its last follower by `grace`
 * milliseconds; one that ended with a failure starts anew with its next follower.
 */
export const shareWatches = <One extends Shareable>(
  watches: ShareableWatches<One>,
  grace: number,
): SharedWatches => {
  type Shared = SharedWatch<One>
  /** By account, and by upload. */
  const running = new Map<string, Map<string, Shared>>()
  const ended = new Map<string, TerminalStatus>()
  let alone: readonly Follower[] = []

  const forget = (shared: Shared): void => {
    const { account, upload } = shared.ref
    const uploads = running.get(account)
    shared.grace?.unsubscribe()
    if (uploads?.get(upload) !== shared) return
    uploads.delete(upload)
    if (uploads.size === 0) running.delete(account)
  }

  const remember = (name: string, status: TerminalStatus): void => {
    ended.set(name, status)
    const [oldest] = ended.keys()
    if (ended.size > mostRemembered && oldest !== undefined) ended.delete(oldest)
  }

  const end = (shared: Shared, terminal: TerminalStatus | null): void => {
    forget(shared)
    if (terminal !== null) remember(refName(shared.ref), terminal)
  }

  const start = (ref: ExpectedUpload): Shared => {
    const shared: Shared = new SharedWatch(ref, end)
    const uploads = running.get(ref.account) ?? new Map<string, Shared>()
    running.set(ref.account, uploads.set(ref.upload, shared))
    shared.running = watches.start(ref, shared)
    return shared
  }

  const stop = (shared: Shared): void => {
    forget(shared)
    if (shared.running !== null) watches.stop(shared.running)
  }

  const drop = (shared: Shared, follower: Follower): void => {
    if (!shared.hasStill(follower)) return
    shared.followers = shared.followers.filter(each => each !== follower)
    if (shared.followers.length > 0) return
    if (grace === 0 || !shared.hasAsked()) stop(shared)
    else
      shared.grace = watches.after(grace, () => {
        stop(shared)
      })
  }

  /** Whoever has left is not kept alive by the list that it had. */
  const letGo = (follower: Follower): void => {
    if (alone[0] === follower) alone = []
  }

  return {
    follow: (given, follower) => {
      const ref = refOf(given)
      const terminal = ended.size === 0 ? undefined : ended.get(refName(ref))
      if (terminal !== undefined) {
        asapScheduler.schedule(() => {
          follower.next(ref, E.right(terminal))
          follower.complete()
        })
        return true
      }
      const shared = running.get(ref.account)?.get(ref.upload) ?? start(ref)
      if (shared.hasStill(follower)) return false
      shared.grace?.unsubscribe()
      if (alone[0] !== follower) alone = [follower]
      // Who follows many uploads alone has one list for all of them.
      shared.followers = shared.followers.length === 0 ? alone : [...shared.followers, follower]
      const { doing } = shared
      const status = shared.status()
      if (status !== null || doing !== null)
        asapScheduler.schedule(() => {
          // If another one came in between, it was told.
          if (doing !== null && shared.doing === doing && shared.hasStill(follower))
            tell(follower.on, doing)
          if (status !== null && shared.status() === status && shared.hasStill(follower))
            follower.next(ref, E.right(status))
        })
      return true
    },
    leave: ({ account, upload }, follower) => {
      letGo(follower)
      const shared = running.get(account)?.get(upload)
      if (shared !== undefined) drop(shared, follower)
    },
    leaveAll: follower => {
      letGo(follower)
      for (const uploads of running.values())
        for (const shared of uploads.values()) drop(shared, follower)
    },
    tell: event => {
      running.get(event.account)?.get(event.upload)?.tell(event)
    },
  }
}

/** The same, of watches made by settings: their events reach those who follow, and then `on`. */
export const shareTellingWatches = <Settings extends Pick<Follower, 'on'>, One extends Shareable>(
  watchesOf: (settings: Settings) => ShareableWatches<One>,
  settings: Settings,
  grace: number,
): SharedWatches => {
  const on = (event: WatchEvent): void => {
    shared.tell(event)
    settings.on?.(event)
  }
  const shared = shareWatches(watchesOf({ ...settings, on }), grace)
  return shared
}
