import type { Either } from 'fp-ts/Either'
import type { ObservableNotification } from 'rxjs'
import { isTerminal, type Failure, type UploadStatus } from 'rx-upload-status'

type Value = Either<Failure, UploadStatus>

const endOf = (value: Value): string | null =>
  value._tag === 'Left' ? value.left._tag : isTerminal(value.right) ? value.right.status : null

/**
 * Classifies a watch by its notifications: the name of its end, `left` if it was unsubscribed before, or
 * `broken` if it broke its grammar.
 */
export const howItWent = (heard: readonly ObservableNotification<Value>[]): string => {
  const ends = heard.flatMap(each => (each.kind === 'N' ? [endOf(each.value)] : []))
  const [end = null] = ends.slice(-1)
  const isGrammatical =
    ends.slice(0, -1).every(each => each === null) && heard.every(({ kind }) => kind !== 'E')
  const isCompleted = heard.at(-1)?.kind === 'C'
  if (!isGrammatical || isCompleted !== (end !== null)) return 'broken'
  return end ?? 'left'
}
