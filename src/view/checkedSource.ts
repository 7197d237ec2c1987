import type { UploadStatusSource } from '../source'

/** Checks the source of a caller without types, and returns it. */
export const checkedSource = (
  source: UploadStatusSource | null | undefined,
  advice = '',
): UploadStatusSource => {
  // A test may script only the method that it needs.
  if (source?.uploadStatuses$ ?? source?.uploadStatus$) return source
  throw new TypeError(`source must be an UploadStatusSource, not ${typeof source}${advice}`)
}
