import type { UploadRef } from '../api/uploadRef'
import type { Caller } from './caller'

/**
 * What `authorize` returns: `true` permits, and so does `{ caller }`, which also names who asks.
 * `false` denies with 403; one of the statuses denies with that one.
 */
export type Verdict = boolean | 401 | 403 | 404 | { readonly caller: string }

/** Returns whether a request may see an upload. */
export type Authorize = (request: Request, ref: UploadRef) => Verdict | PromiseLike<Verdict>

/** A verdict on one upload. */
export interface Judged extends UploadRef {
  /** Null where the request may see it. */
  readonly denied: 401 | 403 | 404 | null
  /** Who asks, where the verdict says so. */
  readonly caller: Caller
}

/** The caller that a verdict names; null where it names none. */
const callerIn = (verdict: unknown): Caller =>
  typeof verdict === 'object' &&
  verdict !== null &&
  'caller' in verdict &&
  typeof verdict.caller === 'string'
    ? verdict.caller
    : null

/** Authorizes one upload. It denies if `authorize` throws or rejects. */
export const authorized = async (
  authorize: Authorize,
  request: Request,
  ref: UploadRef,
): Promise<Judged> => {
  try {
    const verdict: unknown = await authorize(request, ref)
    const caller = callerIn(verdict)
    if (verdict === true || caller !== null) return { ...ref, denied: null, caller }
    return { ...ref, denied: verdict === 401 || verdict === 404 ? verdict : 403, caller }
  } catch {
    return { ...ref, denied: 403, caller: null }
  }
}
