import type { Unsubscribable } from 'rxjs'
import { isTerminal, type TerminalStatus, type UploadStatus } from '../../api/status'
import type { ExpectedUpload } from '../../api/uploadRef'
import * as E from '../../failure/either'
import type { InContext } from '../../runtime/context'
import { notify } from '../../runtime/notify'
import { type WatchEvent, keepsActivity, type Watched } from '../event'
import { add, first, has, list, remove, type Few } from './few'
import type { Running, Watcher } from './running'

/** The part of a running watch that sharing needs. */
export interface Shareable {
  readonly watch: Pick<Running['watch'], 'attempts' | 'status'>
  /** The attempt in flight, if there is one. */
  readonly asking: unknown
}

/** Receives the values and events of the uploads that it follows. */
export interface Follower {
  /** Receives events. Errors that it throws are ignored. */
  readonly on?: ((event: WatchEvent) => void) | undefined
  /** The context in which it is called. */
  readonly inContext: InContext
  /** If it is already aborted, nothing is watched for this follower. */
  readonly signal?: AbortSignal | undefined
  /** The time of subscription, on the monotonic clock. */
  readonly startedAt: number
  readonly next: (ref: ExpectedUpload, value: Watched) => void
  readonly complete: () => void
  readonly error: (defect: unknown) => void
}

/** The members that all shared watches have in common. */
export interface Owner<One extends Shareable> {
  /** The context of a watch that outlives its last follower. */
  readonly inContext: InContext
  readonly end: (watch: SharedWatch<One>, terminal: TerminalStatus | null) => void
}

/** One watch and its followers. A class, so that 100,000 instances share their methods. */
export class SharedWatch<One extends Shareable> implements Watcher {
  /** Null while it starts. It may report events meanwhile. */
  running: One | null = null
  grace: Unsubscribable | null = null
  /** The event that started the current request or pause. */
  doing: WatchEvent | null = null
  followers: Few<Follower> = null
  /** The followers that receive events. A poll without a new status costs the others nothing. */
  listeners: Few<Follower> = null

  constructor(
    readonly ref: ExpectedUpload,
    readonly owner: Owner<One>,
  ) {}

  add(follower: Follower): void {
    this.followers = add(this.followers, follower)
    if (follower.on !== undefined) this.listeners = add(this.listeners, follower)
  }

  remove(follower: Follower): void {
    this.followers = remove(this.followers, follower)
    this.listeners = remove(this.listeners, follower)
  }

  /** Whether a follower still follows. It may have left while another follower was called. */
  has(follower: Follower): boolean {
    return has(this.followers, follower)
  }

  next(value: Watched): void {
    const followers = list(this.followers)
    if (E.isLeft(value)) this.owner.end(this, null)
    else if (isTerminal(value.right)) this.owner.end(this, value.right)
    for (const follower of followers)
      if (this.has(follower)) follower.inContext(follower.next, this.ref, value)
  }

  complete(): void {
    for (const follower of list(this.followers)) follower.inContext(follower.complete)
  }

  error(defect: unknown): void {
    this.owner.end(this, null)
    for (const follower of list(this.followers)) follower.inContext(follower.error, defect)
  }

  notify(event: WatchEvent): void {
    const { _tag } = event
    if (!keepsActivity(event))
      this.doing = _tag === 'AttemptStarted' || _tag === 'Paused' ? event : null
    for (const follower of list(this.listeners))
      if (this.has(follower)) follower.inContext(notify<WatchEvent>, follower.on, event)
  }

  /** The context of the first follower. */
  get inContext(): InContext {
    return first(this.followers)?.inContext ?? this.owner.inContext
  }

  get status(): UploadStatus | null {
    return this.running?.watch.status ?? null
  }

  /** Whether a new watch would have to repeat a request of this one. */
  hasAsked(): boolean {
    return (
      this.running !== null && (this.running.asking !== null || this.running.watch.attempts > 0)
    )
  }
}
