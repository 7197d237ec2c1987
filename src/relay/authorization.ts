import { from, fromEvent, lastValueFrom, map, race, take, timer } from 'rxjs'
import type { UploadRef } from '../api/uploadRef'

/**
 * What `authorize` says: `true` permits; `false` denies with 403, and one of these statuses with
 * that one.
 */
export type Verdict = boolean | 401 | 403 | 404

/** Says whether a request may see an upload. */
export type Authorize = (request: Request, ref: UploadRef) => Verdict | PromiseLike<Verdict>

/** A verdict on one upload. */
export interface Judged extends UploadRef {
  /** Null where it may be seen. */
  readonly denied: 401 | 403 | 404 | null
}

const judgement = async (
  authorize: Authorize,
  request: Request,
  ref: UploadRef,
): Promise<Judged> => {
  try {
    const verdict: unknown = await authorize(request, ref)
    const denied = verdict === true ? null : verdict === 401 || verdict === 404 ? verdict : 403
    return { ...ref, denied }
  } catch {
    return { ...ref, denied: 403 }
  }
}

/**
 * Asks for a verdict on each upload. Null where there was none within `ms` milliseconds, or the
 * reader has gone meanwhile.
 */
export const judgements = (
  authorize: Authorize,
  request: Request,
  refs: readonly UploadRef[],
  ms: number,
): Promise<readonly Judged[] | null> =>
  lastValueFrom(
    race(
      from(Promise.all(refs.map(ref => judgement(authorize, request, ref)))),
      timer(ms).pipe(map(() => null)),
      fromEvent(request.signal, 'abort').pipe(map(() => null)),
    ).pipe(take(1)),
    { defaultValue: null },
  )
