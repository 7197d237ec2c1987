import * as t from 'io-ts'
import { decodeStatus } from '../api/decode'
import { isRecord } from '../api/parseJson'
import { UploadStatus } from '../api/status'
import { isIdentifier, type UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { failureCodec } from '../failure/failureCodec'
import { finite } from '../failure/tolerant'
import type { Watched } from '../watch/event'
import { keptVersion } from '../watch/keptWatch'

// The ids of the jobs, and the data of ends and deadlines as JSON.

/** The job id of an upload. BullMQ refuses colons in ids; ids of the API contain no tilde. */
export const jobId = ({ account, upload }: UploadRef): string => `${account}~${upload}`

/** Returns the upload of a job id, or null if the job is not a watch. */
export const refOf = (id: string): UploadRef | null => {
  const [account, upload, ...more] = id.split('~')
  return isIdentifier(account) && isIdentifier(upload) && more.length === 0
    ? { account, upload }
    : null
}

/** One watch of an upload. A later watch of the same upload has another start. */
export interface StartedWatch {
  readonly ref: UploadRef
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/** The id of the end of a watch. Always the same for one watch. */
export const settledId = ({ ref, startedAt }: StartedWatch): string =>
  `${jobId(ref)}~${String(startedAt)}`

/** The end of a watch. */
export interface EndedWatch extends StartedWatch {
  readonly value: Watched
}

const started = t.type({ account: t.string, upload: t.string, startedAt: finite })

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

/** A status as JSON, without the id of its upload, which is the id of its job. */
export const encodeStatus = (status: UploadStatus): object => ({
  ...status,
  prefixed_id: undefined,
})

/** Decodes the progress of a job, which is the latest status; null if there is none yet. */
export const decodeProgress = ({ upload }: UploadRef, progress: unknown): UploadStatus | null => {
  if (!isRecord(progress)) return null
  const status = decodeStatus(upload, { ...progress, prefixed_id: upload })
  return E.isLeft(status) ? null : status.right
}

export const encodeEnd = ({ ref, startedAt, value }: EndedWatch) => ({
  v: keptVersion,
  account: ref.account,
  upload: ref.upload,
  startedAt,
  value,
})

/** Decodes the data of an end; null if it has another version. */
export const decodeEnd = (data: unknown): EndedWatch | null => {
  const decoded = ended.decode(data)
  if (E.isLeft(decoded)) return null
  const { account, upload, startedAt, value } = decoded.right
  return { ref: { account, upload }, startedAt, value }
}

/** Uploads that were added together share a deadline. */
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

/** Decodes the data of a deadline; null if it has another version. */
export const decodeDeadline = (data: unknown): DeadlineJob | null => {
  const decoded = deadline.decode(data)
  return E.isLeft(decoded) ? null : decoded.right
}
