import type { ExpectedUpload } from '../api/uploadRef'

/** An upload whose status is requested. Budgets order their queue by it. */
export interface PolledUpload {
  readonly ref: ExpectedUpload
  /** Milliseconds since its watch started. */
  readonly age: number
  /** Milliseconds of its age when it was last known to be unfinished; 0 before the first answer. */
  readonly knownAge: number
  /** The number of this attempt, from 1. */
  readonly attempt: number
}
