import type { Either } from 'fp-ts/Either'
import type { Observable } from 'rxjs'
import { decodeStatus } from '../api/decode'
import { isRecord } from '../api/parseJson'
import { isTerminal, type TerminalStatus, type UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import { callable, having, memberOf, wrongType } from '../failure/checked'
import * as E from '../failure/either'
import type { PushIgnored } from './event'
import type { Step } from './watchState'

/** A status that arrived without a poll, and the upload that it is of. */
export interface PushedStatus extends UploadRef {
  readonly status: UploadStatus
}

/** Where statuses come from without a poll, for instance a webhook. */
export interface PushSource {
  /**
   * Statuses of any uploads; each reaches the watch of its account and upload. All that it emits is
   * decoded like an answer. What cannot be used is ignored, with the event `PushIgnored`.
   */
  readonly statuses$: Observable<PushedStatus>
  /**
   * Whether statuses can be relied on now. While it says true, watches poll as `safetyNet` says. It
   * gives its latest value to each subscriber at once.
   *
   * @default they cannot
   */
  readonly alive$?: Observable<boolean> | undefined
  /** The end of an upload that was pushed before its watch began; null if none was. */
  readonly latest?: ((ref: UploadRef) => TerminalStatus | null) | undefined
  /** A watch begins. What it returns is called when the watch is over. */
  readonly opened?: ((ref: UploadRef) => () => void) | undefined
  /** A poll, not a push, found the end. */
  readonly polled?: ((ref: UploadRef, status: TerminalStatus) => void) | undefined
}

/** Returns a source of pushes. A webhook is a function with members. */
export const checkedPush = (push: PushSource): PushSource => {
  if (typeof memberOf(memberOf(push, 'statuses$'), 'subscribe') !== 'function')
    throw wrongType(push, 'push', '{ statuses$ }, an observable of { account, upload, status }')
  const { latest, opened, polled } = push
  if (push.alive$ !== undefined)
    void having(push.alive$, 'push.alive$', 'subscribe', 'an Observable<boolean>')
  if (latest !== undefined) callable(latest, 'push.latest', '(ref) => status or null')
  if (opened !== undefined) callable(opened, 'push.opened', '(ref) => () => void')
  if (polled !== undefined) callable(polled, 'push.polled', '(ref, status) => void')
  return push
}

/** What a push source emitted: the upload that it names, and its status, or why it is ignored. */
export interface Push {
  readonly ref: UploadRef
  readonly status: Either<PushIgnored, UploadStatus>
}

/** A push of an upload that no watch here is of. */
export const unwatched: PushIgnored = { _tag: 'PushIgnored', reason: 'unwatched', problems: [] }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const malformed = (problems: PushIgnored['problems'] = []): Either<PushIgnored, never> =>
  E.left({ _tag: 'PushIgnored', reason: 'malformed', problems })

/** Reads what a push source emitted, which may be anything. */
export const readPush = (pushed: unknown): Push => {
  let ref = { account: '', upload: '' }
  try {
    if (!isRecord(pushed)) return { ref, status: malformed() }
    ref = { account: textOf(pushed['account']), upload: textOf(pushed['upload']) }
    const status = decodeStatus(ref.upload, pushed['status'])
    return { ref, status: E.isLeft(status) ? malformed(status.left.problems) : status }
  } catch {
    // A getter of the caller's object threw.
    return { ref, status: malformed() }
  }
}

/** Calls a function of the source. What it throws ends no watch: `failed` is called. */
const guarded = <A>(work: () => A, failed: () => void): A | undefined => {
  try {
    return work()
  } catch {
    failed()
    return undefined
  }
}

const nothing = (): void => undefined

/** A watch begins. What it returns is called once, when the watch is over. */
export const openPush = (
  push: PushSource | undefined,
  { account, upload }: UploadRef,
  failed: () => void,
): (() => void) => {
  const close = guarded(() => push?.opened?.({ account, upload }), failed) ?? nothing
  return () => {
    // The watch is over, so there is no one to notify.
    guarded(close, nothing)
  }
}

/** The end that was pushed before a watch began, or why it is ignored. */
export const latestPush = (
  push: PushSource | undefined,
  { account, upload }: UploadRef,
  failed: () => void,
): Push['status'] | null => {
  const status = guarded(() => push?.latest?.({ account, upload }), failed) ?? null
  return status === null ? null : readPush({ account, upload, status }).status
}

/** Notifies the source of the end of a watch, if a poll found it. */
export const reportEnd = (
  push: PushSource | undefined,
  { account, upload }: UploadRef,
  { value, events }: Pick<Step, 'value' | 'events'>,
  failed: () => void,
): void => {
  if (value === undefined || E.isLeft(value)) return
  const status = value.right
  const isPolled = events.some(event => event._tag === 'StatusReceived' && event.via === 'poll')
  if (isPolled && isTerminal(status))
    guarded(() => push?.polled?.({ account, upload }, status), failed)
}
