import type { ExpectedUpload } from '../api/uploadRef'

/** An upload whose status is requested. A budget orders its queue by this. */
export interface PolledUpload {
  readonly ref: ExpectedUpload
  /** Milliseconds since its watch began. */
  readonly age: number
  /** Milliseconds of its age when it was last known to go on; 0 before the first answer. */
  readonly knownAge: number
  /** The number of this attempt, from 1. */
  readonly attempt: number
}
