import type { Either } from 'fp-ts/Either'
import type { Observable } from 'rxjs'
import * as E from '../model/either'
import type { PushIgnored } from '../model/event'
import type { UploadRef } from '../model/identifier'
import type { UploadStatus } from '../model/uploadStatus'
import { decodeStatus } from './decode'
import { isRecord } from './json'
import type { Running } from './running'

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
}

/** What a push source emitted: the upload that it names, and its status, or why it is ignored. */
export interface Push {
  readonly ref: UploadRef
  readonly status: Either<PushIgnored, UploadStatus>
}

/** A push of an upload that no watch here is of. */
export const unwatched: PushIgnored = { _tag: 'PushIgnored', reason: 'unwatched', problems: [] }

/** The running watches, by account and upload. */
export interface WatchIndex {
  readonly add: (running: Running) => void
  readonly remove: (running: Running) => void
  readonly get: (ref: UploadRef) => Running | undefined
}

export const watchIndex = (): WatchIndex => {
  const accounts = new Map<string, Map<string, Running>>()
  return {
    add: running => {
      const { account, upload } = running.ref
      const uploads = accounts.get(account) ?? new Map<string, Running>()
      accounts.set(account, uploads.set(upload, running))
    },
    remove: running => {
      const { account, upload } = running.ref
      const uploads = accounts.get(account)
      if (uploads?.get(upload) !== running) return
      uploads.delete(upload)
      if (uploads.size === 0) accounts.delete(account)
    },
    get: ({ account, upload }) => accounts.get(account)?.get(upload),
  }
}

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
