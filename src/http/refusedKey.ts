import type { Either } from 'fp-ts/Either'
import { from, mergeMap, of, type Observable } from 'rxjs'
import type { Answer } from '../api/answer'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { Clock } from '../runtime/clock'
import { askKey, type ApiKey } from './apiKey'

/** The key that the server refused last, of one client or one stream. */
export interface RefusedKey {
  /** After a `401`: asks for the key again, and notes on the answer whether it is the same. */
  readonly judge: (key: string, answer: Answer) => Promise<Answer>
  /** Makes a request, unless its key would be the one that was refused a moment ago. */
  readonly unlessRefused$: (
    request$: Observable<Either<Failure, Answer>>,
  ) => Observable<Either<Failure, Answer>>
}

interface KeySettings {
  readonly apiKey: ApiKey
  readonly clock: Clock
}

/** How long a refused key is not sent again, in ms. */
const memory = 30_000

/** Remembers which key was refused: a wrong one is sent once, not once an upload. */
const refusedKey = ({ apiKey, clock }: KeySettings): RefusedKey => {
  let refusal: { readonly key: string; readonly answer: Answer; readonly until: number } | null =
    null

  return {
    judge: async (key, answer) => {
      const next = await askKey(apiKey)
      if (E.isLeft(next)) return answer
      if (next.right !== key) return { ...answer, key: 'changed' }
      refusal = {
        key,
        answer: { ...answer, key: 'refusedBefore' },
        until: clock() + memory,
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

/** Settings of watches that share the memory of a refused key: those of a client, or of a stream. */
export const withRefusedKey = <Settings extends KeySettings>(
  settings: Settings,
): Settings & { readonly refusedKey: RefusedKey } => ({
  ...settings,
  refusedKey: refusedKey(settings),
})
