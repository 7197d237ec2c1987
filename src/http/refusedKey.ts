import type { Either } from 'fp-ts/Either'
import { from, mergeMap, of, type Observable } from 'rxjs'
import type { Answer } from '../api/answer'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { Clock } from '../runtime/clock'
import { askKey, type ApiKey } from './apiKey'

/** The key that the server refused last, for one client or one stream. */
export interface RefusedKey {
  /** After a `401`: reads the key again, and records in the answer whether it has changed. */
  readonly recheck: (key: string, answer: Answer) => Promise<Answer>
  /** Makes the request unless its key was refused recently. */
  readonly unlessRefused$: (
    request$: Observable<Either<Failure, Answer>>,
  ) => Observable<Either<Failure, Answer>>
}

interface KeySettings {
  readonly apiKey: ApiKey
  readonly clock: Clock
}

/** Milliseconds for which a refused key is not sent again. */
const refusalAge = 30_000

/** Remembers the refused key, so that a wrong key is sent once and not once per upload. */
const refusedKey = ({ apiKey, clock }: KeySettings): RefusedKey => {
  let refusal: { readonly key: string; readonly answer: Answer; readonly until: number } | null =
    null

  return {
    recheck: async (key, answer) => {
      const next = await askKey(apiKey)
      if (E.isLeft(next)) return answer
      if (next.right !== key) return { ...answer, key: 'changed' }
      refusal = {
        key,
        answer: { ...answer, key: 'refusedBefore' },
        until: clock() + refusalAge,
      }
      return { ...answer, key: 'refused' }
    },
    unlessRefused$: request$ => {
      const last = refusal
      if (last === null) return request$
      if (clock() >= last.until) {
        refusal = null
        return request$
      }
      return from(askKey(apiKey)).pipe(
        mergeMap(key =>
          E.isRight(key) && key.right === last.key ? of(E.right(last.answer)) : request$,
        ),
      )
    },
  }
}

/** Adds the memory of a refused key, shared by all watches of a client or of a stream. */
export const withRefusedKey = <Settings extends KeySettings>(
  settings: Settings,
): Settings & { readonly refusedKey: RefusedKey } => ({
  refusedKey: refusedKey(settings),
  // Last, because V8 gives each object that begins with a spread a hidden class of its own: 1 kB.
  ...settings,
})
