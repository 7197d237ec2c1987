import { Subscription, type Observer } from 'rxjs'
import * as E from '../../model/either'
import type { Happening, WatchEvent } from '../../model/event'
import type { Failure } from '../../model/failure'
import type { Watched } from '../../pipeline/watches'
import type { UploadRef } from '../../model/identifier'
import type { UploadStatus } from '../../model/uploadStatus'
import { knownAfter, theEnd, type Known } from '../protocol/known'

/** What a watch goes by. */
export interface Rules {
  readonly clock: () => number
  readonly on: ((event: WatchEvent) => void) | undefined
}

/** A watch of one upload that is told by a relay, and keeps the grammar whatever it is told. */
export class RelayedWatch {
  readonly watch: { status: UploadStatus | null; attempts: number } = { status: null, attempts: 0 }
  readonly asking = null
  /** Its deadline, and its place in a stream. */
  readonly holds = new Subscription()
  known: Known = 0
  private readonly startedAt: number

  constructor(
    readonly ref: UploadRef,
    private readonly observer: Observer<Watched>,
    private readonly rules: Rules,
  ) {
    this.startedAt = rules.clock()
  }

  get isOver(): boolean {
    return this.holds.closed
  }

  tell(happening: Happening): void {
    try {
      const { account, upload } = this.ref
      this.rules.on?.({ ...happening, account, upload, at: this.age() })
    } catch {
      // What an observer of events throws is its own affair.
    }
  }

  /** Takes in what the relay says, if it is news. */
  learn(value: Watched): void {
    const known = knownAfter(value)
    if (E.isRight(value)) {
      const { status } = value.right
      this.tell({ _tag: 'StatusReceived', status, via: 'push' })
    }
    if (this.isOver || known <= this.known) return
    this.known = known
    if (E.isRight(value)) this.watch.status = value.right
    if (known === theEnd) this.end(value)
    else this.observer.next(value)
  }

  /** Ends without a status. */
  giveUp(failure: Failure): void {
    if (!this.isOver) this.end(E.left(this.inCircumstances(failure)))
  }

  /** Ends with a bug. */
  fail(defect: unknown): void {
    this.holds.unsubscribe()
    this.observer.error(defect)
  }

  inCircumstances(failure: Failure): Failure {
    const { attempts, status } = this.watch
    return { ...failure, attempts, elapsed: this.age(), lastStatus: status?.status ?? null }
  }

  private age(): number {
    return Math.round(this.rules.clock() - this.startedAt)
  }

  private end(value: Watched): void {
    this.holds.unsubscribe()
    this.tell({ _tag: 'Settled', value })
    this.observer.next(value)
    this.observer.complete()
  }
}
