import type { UploadRef } from '../api/uploadRef'
import type { Caller } from './caller'

/**
 * The result of `authorize`: `true` permits, and so does `{ caller }`, which also names the caller.
 * `false` denies with 403; `401`, `403` and `404` deny with that status.
 */
export type Verdict = boolean | 401 | 403 | 404 | { readonly caller: string }

/** Returns whether a request may see an upload. */
export type Authorize = (request: Request, ref: UploadRef) => Verdict | PromiseLike<Verdict>

/** The verdict on one upload. */
export interface UploadVerdict extends UploadRef {
  /** The HTTP status of the denial, or null if the request may see the upload. */
  readonly denied: 401 | 403 | 404 | null
  /** The caller, if the verdict names one. */
  readonly caller: Caller
}

/** Returns the caller that a verdict names, or null. */
const callerIn = (verdict: unknown): Caller =>
  typeof verdict === 'object' &&
  verdict !== null &&
  'caller' in verdict &&
  typeof verdict.caller === 'string'
    ? verdict.caller
    : null

/** Authorizes one upload. Denies with 403 if `authorize` throws or rejects. */
export const authorized = async (
  authorize: Authorize,
  request: Request,
  ref: UploadRef,
): Promise<UploadVerdict> => {
  try {
    const verdict: unknown = await authorize(request, ref)
    const caller = callerIn(verdict)
    if (verdict === true || caller !== null) return { ...ref, denied: null, caller }
    return { ...ref, denied: verdict === 401 || verdict === 404 ? verdict : 403, caller }
  } catch {
    return { ...ref, denied: 403, caller: null }
  }
}
