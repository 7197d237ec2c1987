import * as t from 'io-ts'
import { decodeStatus } from '../api/decode'
import { isRecord } from '../api/parseJson'
import { UploadStatus } from '../api/status'
import { isIdentifier, type UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { failureCodec } from '../failure/failureCodec'
import { finite } from '../failure/tolerant'
import type { Watched } from '../watch/event'
import { decodeWatch, encodeWatch, keptVersion } from '../watch/keptWatch'
import type { BegunWatch } from '../watch/liveWatch'

// The data of the jobs, as JSON, and their ids.

/** The job of an upload: BullMQ refuses ids with a colon. No id of the API holds a tilde. */
export const jobId = ({ account, upload }: UploadRef): string => `${account}~${upload}`

/** The upload of a job; null where the id is not one of a watch. */
export const refOf = (id: string): UploadRef | null => {
  const [account, upload, ...more] = id.split('~')
  return isIdentifier(account) && isIdentifier(upload) && more.length === 0
    ? { account, upload }
    : null
}

/** One watch of an upload. A later watch of the same upload starts at another time. */
export interface StartedWatch {
  readonly ref: UploadRef
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/** The id of the end of a watch, always the same. */
export const settledId = ({ ref, startedAt }: StartedWatch): string =>
  `${jobId(ref)}~${String(startedAt)}`

/** A watch between two attempts. */
export interface WatchJob extends StartedWatch {
  readonly begun: BegunWatch
  /** Milliseconds that its end is remembered. */
  readonly retention: number
}

/** The end of a watch. */
export interface EndedWatch extends StartedWatch {
  readonly value: Watched
}

const started = t.type({ account: t.string, upload: t.string, startedAt: finite })

const kept = t.intersection([started, t.type({ retention: finite })])

const ended = t.intersection([
  started,
  t.type({
    v: t.literal(keptVersion),
    value: t.union([
      t.type({ _tag: t.literal('Right'), right: UploadStatus }),
      t.type({ _tag: t.literal('Left'), left: failureCodec }),
    ]),
  }),
])

export const encodeJob = ({ ref, startedAt, begun, retention }: WatchJob) => ({
  ...encodeWatch(begun),
  account: ref.account,
  upload: ref.upload,
  startedAt,
  retention,
})

/** Reads the data of a job; null where it has another version. */
export const decodeJob = (data: unknown): WatchJob | null => {
  const begun = decodeWatch(data)
  const decoded = kept.decode(data)
  if (begun === null || E.isLeft(decoded)) return null
  const { account, upload, startedAt, retention } = decoded.right
  return { ref: { account, upload }, startedAt, begun, retention }
}

export const encodeEnd = ({ ref, startedAt, value }: EndedWatch) => ({
  v: keptVersion,
  account: ref.account,
  upload: ref.upload,
  startedAt,
  value,
})

/** Reads the data of an end; null where it has another version. */
export const decodeEnd = (data: unknown): EndedWatch | null => {
  const decoded = ended.decode(data)
  if (E.isLeft(decoded)) return null
  const { account, upload, startedAt, value } = decoded.right
  return { ref: { account, upload }, startedAt, value }
}

/** The progress of a job is the latest status; null where there is none yet. */
export const decodeProgress = ({ upload }: UploadRef, progress: unknown): UploadStatus | null => {
  const status = decodeStatus(upload, progress)
  return E.isLeft(status) ? null : status.right
}

/** Uploads that were added together, so that their deadline is the same. */
const deadline = t.intersection([
  t.type({ v: t.literal(keptVersion), startedAt: finite }),
  t.type({ jobs: t.readonlyArray(t.string) }),
])

/** The deadline of uploads that were added together. */
export type DeadlineJob = t.TypeOf<typeof deadline>

export const encodeDeadline = (startedAt: number, jobs: readonly string[]): DeadlineJob => ({
  v: keptVersion,
  startedAt,
  jobs,
})

/** Reads the data of a deadline; null where it has another version. */
export const decodeDeadline = (data: unknown): DeadlineJob | null => {
  const decoded = deadline.decode(data)
  return E.isLeft(decoded) ? null : decoded.right
}

/** The version of a job that cannot be read. */
export const versionOf = (data: unknown): number | null =>
  isRecord(data) && typeof data['v'] === 'number' ? data['v'] : null
