import * as t from 'io-ts'
import type { UploadRef } from 'rx-upload-status'
import type { Doing, Step } from './history'

/** An upload that was started, as the server tells pages of it. */
export interface StartedUpload extends UploadRef {
  readonly name: string
  /** What became of it so far; it begins with its start. */
  readonly history: readonly Step[]
}

const Doing: t.Type<Doing> = t.keyof({
  waiting: null,
  pending: null,
  processing: null,
  paused: null,
  stopped: null,
  completed: null,
  failed: null,
  unknown: null,
})

/** Codec of {@link StartedUpload}. */
export const StartedUpload: t.Type<StartedUpload> = t.type({
  account: t.string,
  upload: t.string,
  name: t.string,
  history: t.readonlyArray(t.type({ doing: Doing, at: t.number })),
})
