import type { UploadRef } from '../api/uploadRef'

/** Not by the helpers of `failure/checked`: an adapter alone would be a tenth larger. */
const wrong = (value: unknown): TypeError =>
  new TypeError(`uploads must be a list of { account, upload }, two strings, not ${typeof value}`)

/**
 * Checks the references of a caller without types, and returns them. A wrong one has no view of its own
 * and would wait forever.
 */
export const checkedRefs = (uploads: readonly UploadRef[]): readonly UploadRef[] => {
  const given: unknown = uploads
  if (!Array.isArray(given)) throw wrong(given)
  const refs: ReadonlyArray<Partial<UploadRef> | null> = uploads
  for (const ref of refs)
    for (const id of [ref?.account, ref?.upload]) if (typeof id !== 'string') throw wrong(id)
  return uploads
}
