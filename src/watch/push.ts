import type { Either } from 'fp-ts/Either'
import { noop, type Observable } from 'rxjs'
import { decodeStatus } from '../api/decode'
import { isRecord } from '../api/parseJson'
import { isTerminal, type TerminalStatus, type UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import { callable, having, memberOf, wrongType } from '../failure/checked'
import * as E from '../failure/either'
import { ignoreRejection } from '../runtime/notify'
import type { PushIgnored } from './event'
import type { Step } from './watchState'

/** A status that arrived without a poll, with its upload. */
export interface PushedStatus extends UploadRef {
  readonly status: UploadStatus
}

/** A source of statuses without polling, for example a webhook. */
export interface PushSource {
  /**
   * Emits statuses of any uploads. Each one goes to the watch of its account and upload, and is decoded
   * like an answer. Unusable values are ignored, with the event `PushIgnored`.
   */
  readonly statuses$: Observable<PushedStatus>
  /**
   * Whether pushes are reliable now. While they are, watches poll according to `safetyNet`. It must
   * replay its latest value to each subscriber.
   *
   * @default pushes are not reliable
   */
  readonly alive$?: Observable<boolean> | undefined
  /** Returns the terminal status of an upload that was pushed before its watch started, or null. */
  readonly latest?: ((ref: UploadRef) => TerminalStatus | null) | undefined
  /** Called when a watch starts. The returned function is called when the watch is over. */
  readonly opened?: ((ref: UploadRef) => () => void) | undefined
  /** Called when a poll, not a push, found the terminal status. */
  readonly polled?: ((ref: UploadRef, status: TerminalStatus) => void) | undefined
}

/** Checks a push source and returns it. A webhook is a function with members. */
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

/** A decoded push: the upload that it names, and its status or the reason to ignore it. */
export interface Push {
  readonly ref: UploadRef
  readonly status: Either<PushIgnored, UploadStatus>
}

/** The event for a push of an upload that is not watched here. */
export const unwatched: PushIgnored = { _tag: 'PushIgnored', reason: 'unwatched', problems: [] }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const malformed = (problems: PushIgnored['problems'] = []): Either<PushIgnored, never> =>
  E.left({ _tag: 'PushIgnored', reason: 'malformed', problems })

/** Decodes a value from a push source, which may be anything. */
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

/**
 * Calls a function of the source. If it throws, calls `failed` instead of ending the watch. An async
 * function that fails later is ignored, because the watch may be over by then.
 */
const guarded = <A>(work: () => A, failed: () => void): A | undefined => {
  try {
    const result = work()
    ignoreRejection(result)
    return result
  } catch {
    failed()
    return undefined
  }
}

/** Calls `opened` of the source. Returns a function to call once when the watch is over. */
export const openPush = (
  push: PushSource | undefined,
  { account, upload }: UploadRef,
  failed: () => void,
): (() => void) => {
  const close = guarded(() => push?.opened?.({ account, upload }), failed) ?? noop
  return () => {
    // The watch is over, so nothing receives a `SourceFailed`.
    guarded(close, noop)
  }
}

/** Returns the terminal status that was pushed before a watch started, or the reason to ignore it. */
export const latestPush = (
  push: PushSource | undefined,
  { account, upload }: UploadRef,
  failed: () => void,
): Push['status'] | null => {
  const status = guarded(() => push?.latest?.({ account, upload }), failed) ?? null
  return status === null ? null : readPush({ account, upload, status }).status
}

/** Calls `polled` of the source if a poll found the terminal status. */
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
